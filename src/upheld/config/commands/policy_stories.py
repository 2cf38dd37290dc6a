"""What a policy makes of a story: evaluated for programs, explained for people. No desk and no database needed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.policy import Event, Ledger, Policy, Standing

_SCHEMAS = ("document", "story", "standing", "ledger")
_AT = "The instant, with its zone, as 2026-03-16T12:00:00Z."


def add(group: typer.Typer) -> None:
    """Add the commands about stories to `upheld policy`."""
    group.command()(explain)
    group.command()(evaluate)
    group.command()(schema)


def explain(
    file: Annotated[Path, typer.Argument(help="The policy document (YAML).")],
    story: Annotated[Path, typer.Option(help="The story (JSON); - for standard input.")],
    at: Annotated[str, typer.Option(help=_AT)],
    language: Annotated[str, typer.Option(help="The language of the sentences: en or de.")] = "en",
    zone: Annotated[str, typer.Option(help="The zone to tell times in; the policy's, when left out.")] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the standing and the ledgers as JSON.")
    ] = False,
) -> None:
    """Say why every clock of a story stands where it stands: sentences, a ledger that sums up, and a picture."""
    from upheld.policy import LANGUAGES, evaluate, explain
    from upheld.policy.story_reading import too_far

    if language not in LANGUAGES:
        raise Trouble(f"There is no language “{language}”.", f"There are: {', '.join(LANGUAGES)}.")
    policy, instant = _policy(file), _instant(at)
    told = _read_story(_text(story), str(story))
    _refuse_strangers(policy, told.events, str(story))
    if (problem := too_far(told.events, instant)) is not None:
        raise Trouble(f"{story}: {problem}.")
    standing, ledgers = evaluate(policy, told.events, instant), explain(policy, told.events, instant)
    if as_json:
        _print_json({"standing": standing.to_json(), "ledgers": [ledger.to_json() for ledger in ledgers]})
        return
    zone_name = _zone(zone or policy.zone)
    for line in _explained(policy, told.events, standing, ledgers, zone_name, language):
        typer.echo(line)


def evaluate(
    file: Annotated[Path, typer.Argument(help="The policy document (YAML).")],
    stories: Annotated[Path, typer.Option(help="Stories, one in JSON on each line; - for standard input.")],
    at: Annotated[str, typer.Option(help=f"{_AT} The last event of each story, when left out.")] = "",
) -> None:
    """Print the standing of every story, one in JSON on each line. Exits with 1 when a story could not be read."""
    from upheld.policy import StoryError, evaluate, read_story
    from upheld.policy.story_reading import too_far

    policy, instant = _policy(file), _instant(at) if at else None
    failed = False
    for number, line in _lines(stories):
        try:
            told = read_story(line)
            looked_at = instant or max(event.at for event in told.events)
            if (problem := too_far(told.events, looked_at)) is not None:
                raise StoryError(problem)
        except StoryError as error:
            typer.echo(f"{stories}:{number}: {error}", err=True)
            failed = True
            continue
        standing = evaluate(policy, told.events, looked_at)
        _print_json({**({} if told.id is None else {"id": told.id}), **standing.to_json()}, indent=None)
    if failed:
        raise typer.Exit(1)


def schema(
    what: Annotated[str, typer.Argument(help=f"One of {', '.join(_SCHEMAS)}.")] = "document",
) -> None:
    """Print the JSON Schema of a policy document, a story, a standing or a ledger."""
    from upheld.policy import json_schemas

    if what not in _SCHEMAS:
        raise Trouble(f"There is no schema of “{what}”.", f"There are: {', '.join(_SCHEMAS)}.")
    _print_json(json_schemas()[what])


def _explained(
    policy: Policy,
    events: tuple[Event, ...],
    standing: Standing,
    ledgers: tuple[Ledger, ...],
    zone: str,
    language: str,
) -> Iterator[str]:
    from upheld.policy import ledger_sentences, unclocked_sentence
    from upheld.policy.ledger_table import table
    from upheld.policy.terminal_strip import KEY, draw

    later = sum(event.at > standing.at for event in events)
    if later:
        yield _LATER[language].format(count=later)
    for ledger in ledgers:
        yield ""
        yield f"{ledger.metric.value}, {_CYCLE[language]} {ledger.cycle}"
        yield ""
        yield from ledger_sentences(ledger, zone=zone, audience="agent", language=language)
        yield ""
        yield from table(ledger, events, zone, language)
        yield ""
        yield from draw(ledger, standing.at, zone)
    for target in standing.unclocked:
        yield ""
        yield unclocked_sentence(target, language=language)
    if ledgers:
        yield f"\n{KEY[language]}"


_CYCLE = {"en": "cycle", "de": "Runde"}
_LATER = {
    "en": "{count} events lie after this instant and were not looked at.",
    "de": "{count} Ereignisse liegen nach diesem Zeitpunkt und wurden nicht beachtet.",
}


def _policy(file: Path) -> Policy:
    from upheld.policy import PolicyError, load

    try:
        return load(_text(file), str(file))
    except PolicyError as error:
        raise Trouble(str(error)) from None


def _read_story(text: str, name: str) -> Any:
    from upheld.policy import StoryError, read_story

    try:
        return read_story(text)
    except StoryError as error:
        raise Trouble(f"{name}: {error}.") from None


def _refuse_strangers(policy: Policy, events: tuple[Event, ...], name: str) -> None:
    from upheld.policy.story_reading import strangers

    for problem in strangers(policy, events):
        raise Trouble(f"{name}: {problem}.")


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Trouble(f"“{text}” is not an instant.", "Write for example 2026-03-16T12:00:00Z.") from None
    if at.utcoffset() is None:
        raise Trouble(f"“{text}” has no zone.", f"Write for example {text}Z.")
    if not 1970 <= at.year <= 9000:
        raise Trouble(f"“{text}” is out of range.", "Write a year from 1970 to 9000.")
    return at.astimezone(UTC)


def _zone(name: str) -> str:
    from upheld.clock import CalendarError
    from upheld.clock import zone as zone_named

    try:
        zone_named(name)
    except CalendarError as error:
        raise Trouble(f"{error}.", "Write for example Europe/London.") from None
    return name


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        source = sys.stdin if str(file) == "-" else file.open(encoding="utf-8")
        with source:
            for number, line in enumerate(source, start=1):
                if line.strip():
                    yield number, line
    except OSError as error:
        raise Trouble(f"{file} cannot be read: {error.strerror}.", "Check the path.") from None
    except UnicodeDecodeError:
        raise Trouble(f"{file} is not UTF-8 text.", "Save it as UTF-8.") from None


def _text(file: Path) -> str:
    from upheld.config.commands.policy import read_text

    return read_text(file)


def _print_json(data: Any, indent: int | None = 2) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=indent))
