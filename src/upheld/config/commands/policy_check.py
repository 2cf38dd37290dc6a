"""What a check finds in policy documents: `upheld policy check`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

if TYPE_CHECKING:
    from upheld.policy import Problem, Report


class Format(StrEnum):
    """How a report is told."""

    text = "text"
    json = "json"


def add(group: typer.Typer) -> None:
    """Add the check to `upheld policy`."""
    group.command()(check)


def check(
    files: Annotated[list[Path], typer.Argument(help="Policy documents (YAML); - for standard input.")],
    form: Annotated[Format, typer.Option("--format", help="For people, or for programs.")] = Format.text,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 when findings remain that no document accepts.")
    ] = False,
    page: Annotated[
        Path | None,
        typer.Option(
            help="The text of the source page; says what of it is not cited, and what is misquoted."
        ),
    ] = None,
    desk: Annotated[str, typer.Option(help="A desk's short name; says which roles nobody on it fills.")] = "",
) -> None:
    """Check policy documents and run their examples. Exits with 1 when one of them could not be published.

    Each remark has a code, which docs/policy/findings.md explains. A finding that is meant is accepted in the document
    itself: `accept: {code: reason}` in the block.
    """
    from upheld.config.commands.policy import read_text
    from upheld.policy import check as check_text

    page_text = None if page is None else read_text(page)
    roles = _roles_filled(desk) if desk else None
    reports = {
        str(file): check_text(read_text(file), str(file), page=page_text, filled_roles=roles)
        for file in files
    }
    if form is Format.json:
        told = [report.to_json(name) for name, report in reports.items()]
        typer.echo(json.dumps({"version": 1, "reports": told}, ensure_ascii=False, indent=2))
    else:
        for name, report in reports.items():
            tell_report(report, name, str(page or "the page"))
    if not all(report.ok and not (strict and report.findings) for report in reports.values()):
        raise typer.Exit(1)


class Line(NamedTuple):
    """A line of a report, with its colour on a terminal."""

    text: str
    style: str = ""
    is_problem: bool = False


def tell_report(report: Report, name: str, page: str = "the page") -> None:
    """Print a report: problems to standard error, the rest to standard output, in colour on a terminal only."""
    for line in _lines(report, name, page):
        stream = sys.stderr if line.is_problem else sys.stdout
        if stream.isatty():
            _print_in_colour(line, stream)
        else:
            typer.echo(line.text, err=line.is_problem)


def _print_in_colour(line: Line, stream: Any) -> None:
    from rich.console import Console
    from rich.text import Text

    Console(file=stream, highlight=False).print(Text(line.text, style=line.style), soft_wrap=True)


def _lines(report: Report, name: str, page: str) -> Iterator[Line]:
    for problem in report.problems:
        yield Line(_told(problem, name), "red", is_problem=True)
    for finding in report.findings:
        yield Line(_told(finding, name), "yellow")
    if report.ok:
        yield from _accepted(report, name)
        yield from _assumed(report, name)
        yield from _citations(report, page)
    if report.problems or report.findings:
        yield Line("Each code in brackets is explained in docs/policy/findings.md.", "dim")
    yield Line(_summary(report, name), "green" if report.ok else "red")


def _accepted(report: Report, name: str) -> Iterator[Line]:
    if report.accepted:
        yield Line("Accepted:", "bold")
    for each in report.accepted:
        yield Line(f"  {_told(each.finding, name)}", "dim")
        yield Line(f"    because: {each.reason}")


def _assumed(report: Report, name: str) -> Iterator[Line]:
    if report.assumptions:
        yield Line("Assumed, since the source does not say it:", "bold")
    for each in report.assumptions:
        yield Line(f"  {name}:{each.line}:{each.column}: {each.what}: {each.note or 'no reason is given'}")


def _told(problem: Problem, name: str) -> str:
    return f"{problem.describe(name, with_column=True)} [{problem.code}]"


def _citations(report: Report, page: str) -> Iterator[Line]:
    found = report.citations
    if found is None:
        return
    yield Line(f"{found.cited} of {found.sentences} sentences cited", "bold")
    for sentence in found.uncited:
        yield Line(f"  {page}:{sentence.line}: {sentence.text} [uncited-sentence]")


def _summary(report: Report, name: str) -> str:
    verdict = "sound" if report.ok else "not sound"
    findings = len(report.findings)
    counts = {
        "finding" if findings == 1 else "findings": findings,
        "accepted": len(report.accepted),
        "assumed": len(report.assumptions),
    }
    more = "".join(f", {count} {what}" for what, count in counts.items() if count)
    return f"{name}: {verdict}, {report.examples_run} examples run{more}"


def _roles_filled(slug: str) -> frozenset[str]:
    """Return the roles that somebody on a desk fills."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        import django

        django.setup()
        from upheld.config.commands.selecting import chosen_desk
        from upheld.people.roles import roles_filled

        return roles_filled(chosen_desk(slug))
