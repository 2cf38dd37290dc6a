"""Choose what stands below an agent's replies."""

from upheld.people.models import Agent
from upheld.people.staff import StaffRefused

LONGEST_SIGNATURE = 1000


def choose_signature(agent_id: int, signature: str) -> None:
    """Set the agent's own signature, as plain text; without one their name stands there."""
    signature = signature.strip()
    if len(signature) > LONGEST_SIGNATURE:
        raise StaffRefused(f"The signature is too long: {LONGEST_SIGNATURE} characters are enough.")
    Agent.objects.filter(pk=agent_id).update(signature=signature)
