"""From a typed query to the tickets that are meant: what its values mean on an agent's desks, and what can be asked."""

from upheld.tickets.finding.meaning import Meant, Search, understood
from upheld.tickets.finding.suggesting import Suggestion, suggestions
from upheld.tickets.finding.vocabulary import Person, Place, Vocabulary

__all__ = ["Meant", "Person", "Place", "Search", "Suggestion", "Vocabulary", "suggestions", "understood"]
