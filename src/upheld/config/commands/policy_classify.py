"""Which priority a case gets by the criteria of a policy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.policy.document import Document


def add(group: typer.Typer) -> None:
    """Add the command to `upheld policy`."""
    group.command()(classify)


def classify(
    file: Annotated[Path, typer.Argument(help="The policy document (YAML).")],
    answers: Annotated[
        list[str] | None, typer.Argument(help="The level that fits on each axis, as function=level_2.")
    ] = None,
    workaround: Annotated[str, typer.Option(help="The workaround that there is, by its id.")] = "",
) -> None:
    """Say which priority a case gets by the policy's criteria; without answers, show the criteria."""
    from upheld.policy.classifying import UnknownAnswer, propose

    document = _document(file)
    if not answers:
        typer.echo("\n".join(_criteria(document)))
        return
    pairs = dict(answer.partition("=")[::2] for answer in answers)
    try:
        found = propose(document, pairs, workaround or None)
    except UnknownAnswer as problem:
        raise Trouble(f"{problem}.", "Write for example function=level_2.") from None
    label = next(each.label for each in document.priorities if each.id == found.priority)
    typer.echo(f"{label} ({found.priority})")
    typer.echo(f"because of {found.axis}: {found.criterion}")
    if found.eased_by:
        typer.echo(f"eased by the workaround {found.eased_by}")


def _document(file: Path) -> Document:
    from upheld.config.commands.policy import read_text
    from upheld.policy import PolicyError
    from upheld.policy.loading import read_document

    try:
        return read_document(read_text(file), str(file))[1]
    except PolicyError as error:
        raise Trouble(str(error)) from None


def _criteria(document: Document) -> list[str]:
    lines: list[str] = []
    for axis in document.classification.axes:
        lines.append(f"{axis.id}: {axis.question or axis.label}")
        lines += [
            f"  {each.id}: {each.criteria[axis.id]}"
            for each in document.priorities
            if axis.id in each.criteria
        ]
    if document.classification.workarounds:
        lines.append("workaround")
        lines += [
            f"  {each.id}: {each.meaning or each.label}" for each in document.classification.workarounds
        ]
    return lines or ["This policy has no criteria: its priorities are told apart by their meanings alone."]
