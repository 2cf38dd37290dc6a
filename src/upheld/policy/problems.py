"""What a check says about a policy document, and where."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from upheld.policy.codes import DOCUMENTATION

if TYPE_CHECKING:
    from upheld.policy.page import Citations
    from upheld.policy.policy import Policy

REPORT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, or worth a thought: line and column count from 1; `path` is like `targets[2].within`.

    `code` is one of `codes.CODES`.
    """

    line: int
    column: int
    path: str
    message: str
    remedy: str
    code: str

    def describe(self, name: str, *, with_column: bool = False) -> str:
        """Return `name:line: what is wrong; what would be right`, or `name:line:column: ...` as editors read it."""
        remedy = f"; {self.remedy}" if self.remedy else ""
        place = f"{self.line}:{self.column}" if with_column else f"{self.line}"
        return f"{name}:{place}: {self.message}{remedy}"

    @property
    def documentation(self) -> str:
        """Where the code is explained."""
        return f"{DOCUMENTATION}#{self.code}"

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON-able data."""
        return asdict(self) | {"documentation": self.documentation}


class PolicyError(Exception):
    """The policy document cannot be used as it stands; `problems` says where and what would be right."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        """Keep the document's name and its problems, in the order of their lines."""
        self.name = name
        self.problems = in_order(problems)
        super().__init__("\n".join(problem.describe(name) for problem in self.problems))


def in_order(problems: list[Problem]) -> list[Problem]:
    """Return problems by line and column."""
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that the document accepts, with the reason that it gives."""

    finding: Problem
    reason: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """A block that the source does not say; `note` is the reason that the document gives, if it gives one."""

    line: int
    column: int
    path: str
    what: str
    note: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. Problems forbid publishing; `findings` are those that the document does not accept.

    `assumptions` are the blocks that the source does not say. `citations` tells how much of the source page the
    document cites; None where there is no page.
    """

    problems: tuple[Problem, ...]
    findings: tuple[Problem, ...]
    examples_run: int
    policy: "Policy | None"
    accepted: tuple[Accepted, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    citations: "Citations | None" = None

    @property
    def ok(self) -> bool:
        """Whether the document may be published."""
        return not self.problems

    def to_json(self, name: str) -> dict[str, Any]:
        """Return plain JSON-able data about the document of that name."""
        return {
            "version": REPORT_VERSION,
            "name": name,
            "ok": self.ok,
            "examples_run": self.examples_run,
            "problems": [each.to_json() for each in self.problems],
            "findings": [each.to_json() for each in self.findings],
            "accepted": [each.finding.to_json() | {"reason": each.reason} for each in self.accepted],
            "assumptions": [asdict(each) | {"code": "assumed"} for each in self.assumptions],
            "citations": None if self.citations is None else self.citations.to_json(),
        }
