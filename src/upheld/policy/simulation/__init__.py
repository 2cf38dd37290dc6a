"""What another policy would have made of the past: counted over any number of stories, and explained for a few."""

from upheld.policy.simulation.difference import ClockDifference, CountDifference, Difference, compare
from upheld.policy.simulation.figures import OPEN, Figures, figures_of, tells_agents
from upheld.policy.simulation.labels import metric_label, sort_label
from upheld.policy.simulation.past import Line, PastStory, Renames, Unread
from upheld.policy.simulation.reading import past_story
from upheld.policy.simulation.report import report
from upheld.policy.simulation.simulating import Against, simulate
from upheld.policy.simulation.tally import LISTED, Differing, Tally
from upheld.policy.simulation.telling import Told, tell

__all__ = [
    "LISTED",
    "OPEN",
    "Against",
    "ClockDifference",
    "CountDifference",
    "Difference",
    "Differing",
    "Figures",
    "Line",
    "PastStory",
    "Renames",
    "Tally",
    "Told",
    "Unread",
    "compare",
    "figures_of",
    "metric_label",
    "past_story",
    "report",
    "simulate",
    "sort_label",
    "tell",
    "tells_agents",
]
