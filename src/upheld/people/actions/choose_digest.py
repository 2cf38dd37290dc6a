"""Choose whether an agent gets the morning mail."""

from upheld.people.models import Agent


def choose_digest(agent_id: int, *, wanted: bool) -> None:
    """Set the agent's own choice; choosing the same again changes nothing."""
    Agent.objects.filter(pk=agent_id).update(wants_digest=wanted)
