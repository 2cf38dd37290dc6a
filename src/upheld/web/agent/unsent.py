"""What a form held that was refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Unsent:
    """What somebody typed that did not go through, and why: shown again so that nothing is lost."""

    form: str = ""
    why: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
