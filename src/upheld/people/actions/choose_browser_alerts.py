"""Choose whether an agent's browser shows what they are told."""

from upheld.people.models import Agent


def choose_browser_alerts(agent_id: int, *, wanted: bool) -> None:
    """Set the agent's own choice; choosing the same again changes nothing."""
    Agent.objects.filter(pk=agent_id).update(alerts_in_browser=wanted)
