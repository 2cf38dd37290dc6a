"""Two policies compared in words."""

from upheld.policy.comparison.comparing import compare
from upheld.policy.comparison.difference import Difference, Kind, Theme, by_theme, difference_sentences

__all__ = ["Difference", "Kind", "Theme", "by_theme", "compare", "difference_sentences"]
