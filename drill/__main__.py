"""Try faults on the real program, one after another, each on a desk of its own; print what came of it, and write it to
drill/results/. Ends with 1 where anything was lost, doubled or wrong."""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
from datetime import UTC, datetime

from rich.console import Console

from drill import ground, table
from drill.faults import FAULTS
from drill.faults.form import Fault
from drill.trial import Outcome, tried

SECONDS = 180.0
NAMES = tuple(fault.name for fault in FAULTS)
_aside = Console(stderr=True, soft_wrap=True, highlight=False)


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    chosen = [fault for fault in FAULTS if fault.name in options.only]
    at, outcomes = datetime.now(UTC), list[Outcome]()
    again = f"make drill ARGS='{' '.join(_arguments(options))}'"
    _aside.print(f"The seed is {options.seed}. To repeat these choices: {again}")
    try:
        _try_all(chosen, options, outcomes)
    except KeyboardInterrupt:
        _aside.print("Stopped; everything that the drill started is gone.")
        return 130
    console = Console()
    table.show(outcomes, console if console.is_terminal else Console(width=200))
    path = table.keep(outcomes, seed=options.seed, seconds=options.seconds, at=at)
    _aside.print(f"Written to {path}")
    if any(each.wrong for each in outcomes):
        _aside.print(f"Something is wrong. To repeat it: {again}")
        return 1
    return 0


def _try_all(chosen: list[Fault], options: argparse.Namespace, outcomes: list[Outcome]) -> None:
    whole = sum(fault.share for fault in chosen)
    with ground.directory() as folder:
        _aside.print("Making a database to copy ...")
        template = ground.make_template(folder / "template")
        for fault in chosen:
            _aside.print(f"Trying {fault.name}: {fault.what}")
            outcomes.append(tried(fault, template, options.seed, options.seconds * fault.share / whole))


def _arguments(options: argparse.Namespace) -> list[str]:
    found = [f"--seed {options.seed}", f"--seconds {options.seconds:g}"]
    return found + [f"--only {','.join(options.only)}"] * (options.only != NAMES)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m drill", description=__doc__)
    parser.add_argument(
        "--seconds",
        type=float,
        default=SECONDS,
        help=f"for how long faults rage, all of them together; {SECONDS:g}, when left out",
    )
    parser.add_argument("--seed", type=int, help="another number, other choices; drawn, when left out")
    parser.add_argument("--only", type=_names, default=NAMES, help=f"some of {','.join(NAMES)}")
    options = parser.parse_args()
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1_000_000)
    # A database that somebody's settings name is none of the drill's business.
    for name in [name for name in os.environ if name.startswith(("UPHELD_", "DJANGO_"))]:
        del os.environ[name]
    return options


def _names(text: str) -> tuple[str, ...]:
    chosen = tuple(text.split(","))
    if unknown := set(chosen) - set(NAMES):
        raise argparse.ArgumentTypeError(
            f"no such fault: {', '.join(sorted(unknown))}; there are {','.join(NAMES)}"
        )
    return chosen


if __name__ == "__main__":
    sys.exit(main())
