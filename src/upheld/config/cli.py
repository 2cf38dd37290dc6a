"""The command line: `upheld`.

Each command imports what it needs when it runs, so that the supervisor stays small and `--help` is quick.
"""

from __future__ import annotations

import os
import sys

import typer

from upheld.config.commands import GROUPS
from upheld.config.trouble import Trouble

app = typer.Typer(
    help="Upheld: a help desk that keeps a support team's promises.\n\nTo look around: upheld demo."
    " To run a desk: upheld setup, then upheld serve.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

for add in GROUPS:
    add(app)


def main() -> None:
    """Run one command; what a person can act on is told in one line, and the exit status is 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upheld.config.settings")
    try:
        app()
    except Trouble as trouble:
        print(f"upheld: {trouble}", file=sys.stderr)  # noqa: T201
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
