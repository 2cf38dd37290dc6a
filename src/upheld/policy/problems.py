"""What is wrong with a policy document, and where."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upheld.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: line and column count from 1; `path` is like `targets[2].within`."""

    line: int
    column: int
    path: str
    message: str
    remedy: str

    def describe(self, name: str) -> str:
        """Return `name:line: what is wrong; what would be right`."""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{name}:{self.line}: {self.message}{remedy}"


class PolicyError(Exception):
    """The policy document cannot be used as it stands; `problems` says where and what would be right."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        """Keep the document's name and its problems, in the order of their lines."""
        self.name = name
        self.problems = sorted(problems, key=lambda problem: (problem.line, problem.column))
        super().__init__("\n".join(problem.describe(name) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. Findings are points to think about; problems forbid publishing."""

    problems: tuple[Problem, ...]
    findings: tuple[Problem, ...]
    examples_run: int
    policy: "Policy | None"

    @property
    def ok(self) -> bool:
        """Whether the document may be published."""
        return not self.problems
