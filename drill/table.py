"""What a drill found, as a table for people and as JSON for programs."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from drill.trial import Outcome

RESULTS = Path(__file__).parent / "results"
HEADINGS = (
    "fault",
    "what happened, how often",
    "mails",
    "forms",
    "lost",
    "doubled",
    "kept",
    "notices",
    "sent twice",
    "pages",
    "5xx explained",
    "verified",
    "s",
    "",
)


def show(outcomes: Sequence[Outcome], console: Console) -> None:
    """One row a fault, and one for all of them."""
    table = Table(title="The drill", title_justify="left", show_footer=False)
    for heading in HEADINGS:
        words = heading in ("fault", "what happened, how often", "")
        table.add_column(heading, justify="left" if words else "right", overflow="fold")
    for each in outcomes:
        table.add_row(*row(each))
    made = [each for each in outcomes if not each.left_out]
    if len(made) > 1:
        table.add_section()
        table.add_row(*row(total(made)))
    console.print(table)
    for each in outcomes:
        for why, times in sorted(each.why_kept.items()):
            console.print(f"{each.fault}: kept {times}: {why}", markup=False, highlight=False)
        for complaint in each.wrong:
            console.print(f"{each.fault}: {complaint}", markup=False, highlight=False)


def row(outcome: Outcome) -> tuple[str, ...]:
    if outcome.left_out:
        return (outcome.fault, f"left out: {outcome.left_out}", *[""] * (len(HEADINGS) - 3), "left out")
    done = ", ".join(f"{name} {times}" for name, times in sorted(outcome.done.items()))
    figures = (
        outcome.mails,
        outcome.forms,
        outcome.lost,
        outcome.doubled,
        outcome.kept,
        outcome.notices,
        outcome.came_again,
        outcome.pages,
        outcome.broken,
        outcome.verified,
    )
    return (
        outcome.fault,
        done,
        *(f"{each:,}" for each in figures),
        f"{outcome.seconds:.0f}",
        "WRONG" if outcome.wrong else "well",
    )


def total(outcomes: Sequence[Outcome]) -> Outcome:
    """All trials as one. The deeds stand with each."""
    whole = Outcome("together", "")
    for each in outcomes:
        for name in (
            "mails",
            "forms",
            "lost",
            "doubled",
            "kept",
            "notices",
            "came_again",
            "pages",
            "broken",
            "verified",
        ):
            setattr(whole, name, getattr(whole, name) + getattr(each, name))
        whole.seconds += each.seconds
        whole.wrong += each.wrong
    return whole


def keep(
    outcomes: Sequence[Outcome], *, seed: int, seconds: float, at: datetime, folder: Path = RESULTS
) -> Path:
    """Write the run to a file of its own and return it."""
    folder.mkdir(exist_ok=True)
    path = folder / f"local-{at:%Y-%m-%dT%H%M%S}.json"
    content = {
        "at": at.isoformat(),
        "seed": seed,
        "seconds": seconds,
        "upheld": version("upheld"),
        "system": platform.platform(),
        "python": platform.python_version(),
        "faults": [each.as_json() for each in outcomes],
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return path
