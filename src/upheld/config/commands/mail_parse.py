"""What the desk makes of one mail: `upheld mail parse`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from upheld.config.trouble import Trouble


def add(group: typer.Typer) -> None:
    """Add the commands to `upheld mail`."""
    group.command()(parse)


def parse(
    file: Annotated[Path | None, typer.Argument(help="The mail; standard input where there is none.")] = None,
) -> None:
    """Print what the desk reads in one mail, as JSON: upheld mail parse < message.eml

    Any bytes are read, within two seconds and 256 MB; what could not be read is named in "defects". "body_html" is
    made safe as on the pages. Message-IDs stand in their angle brackets. Needs no desk and changes nothing.
    """
    source = _opened(file)
    from upheld.config import one_mail

    answer = one_mail.read(source)
    try:
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Whoever listened has heard enough; Python would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _opened(file: Path | None) -> int:
    if file is not None:
        try:
            if file.is_dir():
                raise Trouble(f"{file} is a directory.", "Name a file that holds one mail.")
            return os.open(file, os.O_RDONLY)
        except OSError as error:
            raise Trouble(f"{file}: {error.strerror}.", "Name a file that holds one mail.") from None
    if sys.stdin is None:
        return os.open(os.devnull, os.O_RDONLY)
    if sys.stdin.isatty():
        raise Trouble(
            "There is no mail on standard input.", "Name a file, or: upheld mail parse < message.eml"
        )
    return sys.stdin.fileno()
