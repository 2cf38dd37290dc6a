"""What another policy would have made of the past: `upheld policy simulate`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.config.simulation.processes import Task
    from upheld.policy import InForce, Policy
    from upheld.policy.simulation import Differing, Renames, Tally, Told

MOST_LISTED = 10_000
INTERRUPTED = 130
# Stories in a file may be old; nobody kept them in a help desk before.
FIRST_YEAR, YEARS_AHEAD = 2000, 10
_STANDARD_INPUT = Path("-")


def add(group: typer.Typer) -> None:
    """Add the simulation to `upheld policy`."""
    group.command()(simulate)


def simulate(
    file: Annotated[Path, typer.Argument(help="The policy document to try (YAML); - for standard input.")],
    stories: Annotated[
        Path | None,
        typer.Option(
            help="Stories, one in JSON on each line; - for standard input. The desk's, when left out."
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            help="The policy to compare with. For a desk's stories, when left out, the one that each is under."
        ),
    ] = None,
    desk: Annotated[
        str, typer.Option(help="The desk's short name; may be left out when there is one desk.")
    ] = "",
    since: Annotated[
        datetime | None,
        typer.Option(
            help="Only tickets received from this date on, in the policy's zone.", formats=["%Y-%m-%d"]
        ),
    ] = None,
    at: Annotated[
        str,
        typer.Option(
            help="The instant to look at every story, as 2026-03-16T12:00:00Z, or now. When left out: of stories in "
            "a file the last event of each, of a desk's now."
        ),
    ] = "",
    map_priority: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OLD=NEW", help="What the policy calls a priority of the stories; for each one."
        ),
    ] = None,
    map_status: Annotated[
        list[str] | None,
        typer.Option(metavar="OLD=NEW", help="What the policy calls a status of the stories; for each one."),
    ] = None,
    listed: Annotated[
        int,
        typer.Option("--list", min=0, max=MOST_LISTED, help="How many tickets that differ are explained."),
    ] = 20,
    jobs: Annotated[
        int, typer.Option(min=0, help="How many processes work side by side; one a processor, when left out.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: JSON instead of tables.")] = False,
) -> None:
    """Say what a policy would have made of past tickets: verdicts, escalations and alerts beside those of another
    policy, and why tickets differ. Changes nothing. Exits with 1 when a story could not be read."""
    if stories is not None and (desk or since):
        raise Trouble(
            "--desk and --since are about a desk's stories.", "Leave them out, or leave out --stories."
        )
    if [file, stories, against].count(_STANDARD_INPUT) > 1:
        raise Trouble("Only one of the files can be standard input.", "Name the others.")
    now = datetime.now(UTC)
    asked = _Asked(
        texts=_texts(file, against),
        renames=(_pairs("--map-priority", map_priority), _pairs("--map-status", map_status)),
        at=_instant(at, now),
        now=now,
        keep=listed,
        jobs=jobs or _processors(),
    )
    if stories is not None:
        found = _from_file(asked, stories)
    else:
        found = _from_desk(asked, desk, since)
    _answer(found, as_json)


@dataclass(frozen=True)
class _Text:
    """A policy document, and what it is called."""

    name: str
    text: str

    def frozen(self, years: Iterable[int]) -> dict[str, Any]:
        """Return it with its holidays written in; what is wrong with it is told."""
        from upheld.policy import PolicyError, freeze

        try:
            return freeze(self.text, years, self.name)
        except PolicyError as error:
            raise Trouble(str(error)) from None


@dataclass(frozen=True)
class _Asked:
    """What was asked for, read once."""

    texts: tuple[_Text, _Text | None]
    renames: tuple[dict[str, str], dict[str, str]]
    at: datetime | None
    now: datetime
    keep: int
    jobs: int

    def task(self, years: Iterable[int], at: datetime | None, versions: Mapping[int, Any] | None) -> Task:
        """Return what every process has to know."""
        from upheld.config.simulation.processes import Task

        new, other = self.texts
        years = list(years)
        frozen = new.frozen(years)
        against = None if other is None else other.frozen(years)
        return Task(frozen, against, None if other else versions, at, self._renames(frozen), self.keep)

    def _renames(self, frozen: dict[str, Any]) -> Renames:
        from upheld.policy import from_frozen
        from upheld.policy.simulation import Renames

        policy = from_frozen(frozen)
        priorities, statuses = self.renames
        _require_known("priority", priorities, [each.id for each in policy.priorities], self.texts[0].name)
        _require_known("status", statuses, [each.id for each in policy.statuses], self.texts[0].name)
        return Renames(priorities, statuses)


@dataclass(frozen=True)
class _Found:
    """What a simulation found. `source` names the stories, `place` says what their places are: lines, or nothing.

    `numbers` are those of the versions under which stories lived, by their ids.
    """

    task: Task
    tally: Tally
    is_complete: bool
    names: tuple[str, str | None]
    source: str
    place: str
    numbers: Mapping[int, int] = field(default_factory=dict)
    total: int | None = None

    def told(self, policy: Policy) -> list[Told]:
        """Return the largest differences, explained."""
        from upheld.policy.simulation import tell

        compared = self.task.compared()
        return [
            tell(policy, compared, each, (self.names[0], self._name_for(compared, each)), self.task.renames)
            for each in self.tally.largest
            if compared is not None
        ]

    def _name_for(self, compared: Policy | Mapping[int, InForce], story: Differing) -> str:
        """Return what a story is compared with: of a desk's ticket, the versions that it has had."""
        from upheld.policy import InForce, takeovers

        if not isinstance(compared, Mapping):
            return self.names[1] or ""
        lived = [compared[version] for version in story.versions]
        taken = takeovers((InForce(lived[0].policy), *lived[1:]), story.events, story.at)
        numbers = [str(self.numbers[story.versions[place]]) for place in (0, *taken)]
        return f"version {numbers[0]}" if not taken else f"versions {' and '.join(numbers)}"


def _from_file(asked: _Asked, stories: Path) -> _Found:
    from upheld.config.simulation.chunks import chunks, lines
    from upheld.config.simulation.processes import run
    from upheld.config.simulation.progress import progress_bar

    task = asked.task(range(FIRST_YEAR, asked.now.year + YEARS_AHEAD + 1), asked.at, None)
    other = asked.texts[1]
    names = (asked.texts[0].name, None if other is None else other.name)
    with _opened(stories) as (source, size), progress_bar(size) as done:
        tally, is_complete = run(task, chunks(lines(source), lambda line: len(line.raw)), asked.jobs, done)
    return _Found(task, tally, is_complete, names, str(stories), "line")


def _from_desk(asked: _Asked, slug: str, since: datetime | None) -> _Found:
    from upheld.config.running import database_running

    # Before a database is started for it: is the document one?
    asked.task(range(asked.now.year, asked.now.year + 1), None, None)
    with database_running(lambda line: typer.echo(line, err=True)):
        return _on_desk(asked, slug, since)


def _on_desk(asked: _Asked, slug: str, since: datetime | None) -> _Found:
    import django

    django.setup()
    from upheld.config.commands.selecting import chosen_desk
    from upheld.config.simulation.chunks import chunks
    from upheld.config.simulation.processes import Version, run
    from upheld.config.simulation.progress import progress_bar
    from upheld.desks.actions.publish_policy import YEARS_AHEAD, YEARS_BACK
    from upheld.policy import Mode
    from upheld.tickets.past_stories import past_stories, past_tickets, versions_for

    desk, at, year = chosen_desk(slug), asked.at or asked.now, asked.now.year
    tickets = past_tickets(desk, _midnight(asked, since), at)
    versions = versions_for(desk, tickets)
    # Holidays are known for the years of today's publication and of those under which the tickets live.
    years = {*range(year - YEARS_BACK, year + YEARS_AHEAD + 1)}.union(
        *(each.document["years"] for each in versions.values())
    )
    task = asked.task(
        years,
        at,
        {pk: Version(each.document, each.effective_from, Mode(each.mode)) for pk, each in versions.items()},
    )
    total = tickets.count()
    with closing(past_stories(tickets)) as stories, progress_bar(total) as done:
        tally, is_complete = run(task, chunks(stories, lambda story: 1), asked.jobs, done)
    numbers = {pk: each.number for pk, each in versions.items()}
    other = asked.texts[1].name if asked.texts[1] else _together(list(numbers.values()))
    names = (asked.texts[0].name, other)
    return _Found(task, tally, is_complete, names, desk.slug, "", numbers, total)


def _together(numbers: Sequence[int]) -> str:
    """Return what the versions are called under which tickets live."""
    return f"version {numbers[0]}" if len(numbers) == 1 else "own version"


def _midnight(asked: _Asked, since: datetime | None) -> datetime | None:
    from upheld.clock import zone
    from upheld.policy import load

    if since is None:
        return None
    return since.replace(tzinfo=zone(load(asked.texts[0].text).zone)).astimezone(UTC)


def _answer(found: _Found, as_json: bool) -> None:
    """Print what was found, and end with what it means for whoever started us."""
    from upheld.config.commands.policy_stories import _print_json
    from upheld.config.simulation.tables import print_report
    from upheld.policy import from_frozen
    from upheld.policy.simulation import report

    task, tally = found.task, found.tally
    policy = from_frozen(task.policy)
    at, whole = task.at, found.is_complete
    data = report(tally, policy, found.names, found.told(policy), at=at, is_complete=whole)
    if as_json:
        _print_json(data)
    else:
        typer.echo(_heading(found))
        print_report(data, policy, found.place)
    _tell_unread(found, policy)
    if not found.is_complete:
        typer.echo(_how_far(found), err=True)
        raise typer.Exit(INTERRUPTED)
    if tally.unread:
        raise typer.Exit(1)


def _heading(found: _Found) -> str:
    at, tally = found.task.at, found.tally
    against = "" if found.names[1] is None else f" beside {found.names[1]}"
    stories = f"{tally.stories:,} {'story' if tally.stories == 1 else 'stories'}"
    when = "its last event" if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"
    first = "" if found.is_complete else "the first "
    later = f" {tally.not_yet:,} more had not been opened by then." if tally.not_yet else ""
    return (
        f"{found.names[0]}{against}: {first}{stories} of {found.source}, each as it stood at {when}.{later}"
    )


def _how_far(found: _Found) -> str:
    of = "" if found.total is None else f" of {found.total:,}"
    return f"Stopped after {found.tally.seen:,}{of} stories. What was told is about those; the rest was not looked at."


def _tell_unread(found: _Found, policy: Policy) -> None:
    """Name the stories that could not be read, and what would help."""
    from upheld.rules.one_line import one_line

    tally = found.tally
    for each in tally.first_unread:
        place = f"{found.source}:{each.place}" if found.place else each.name
        typer.echo(one_line(f"{place}: {each.reason}", 500), err=True)
    if tally.unread > len(tally.first_unread):
        more = tally.unread - len(tally.first_unread)
        typer.echo(f"... and {more:,} more; --list says how many are listed.", err=True)
    if tally.unread:
        stories = "story" if tally.unread == 1 else "stories"
        typer.echo(f"{tally.unread:,} {stories} could not be read and are in none of the figures.", err=True)
    for what, option, known in (
        ("priority", "--map-priority", [each.id for each in policy.priorities]),
        ("status", "--map-status", [each.id for each in policy.statuses]),
    ):
        strange = {id: count for (kind, id), count in sorted(tally.strange.items()) if kind == what}
        if strange:
            ids = ", ".join(f"{one_line(id, 80)} ({count:,})" for id, count in strange.items())
            example = f"{option} {one_line(next(iter(strange)), 80)}={known[0]}"
            typer.echo(
                f"Not known as a {what}: {ids}. Say what it is called now, as in {example};"
                f" there are {', '.join(known)}.",
                err=True,
            )


def _processors() -> int:
    """Return how many processors are ours; not every system says it."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _texts(file: Path, against: Path | None) -> tuple[_Text, _Text | None]:
    from upheld.config.commands.policy import read_text

    if against is None:
        return _Text(_called(file), read_text(file)), None
    full = _called(file) == _called(against)
    new = _Text(str(file) if full else _called(file), read_text(file))
    return new, _Text(str(against) if full else _called(against), read_text(against))


def _called(file: Path) -> str:
    return "the policy" if file == _STANDARD_INPUT else file.name


def _pairs(option: str, given: list[str] | None) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for each in given or []:
        old, equals, new = each.partition("=")
        if not (old and equals and new):
            raise Trouble(f"{option} {each} is no pair of names.", f"Write for example {option} p1=urgent.")
        if pairs.setdefault(old, new) != new:
            raise Trouble(f"{option} names “{old}” twice.", "Say once what it is called now.")
    return pairs


def _require_known(what: str, renames: Mapping[str, str], known: list[str], name: str) -> None:
    for new in renames.values():
        if new not in known:
            raise Trouble(f"{name} has no {what} “{new}”.", f"It has {', '.join(known)}.")


def _instant(text: str, now: datetime) -> datetime | None:
    from upheld.config.commands.policy_stories import _instant as read

    if text == "now":
        return now
    return read(text) if text else None


@contextmanager
def _opened(stories: Path) -> Iterator[tuple[BinaryIO, int | None]]:
    """Open a file of stories, and say how large it is, if it is one."""
    if stories == _STANDARD_INPUT:
        yield sys.stdin.buffer, None
        return
    try:
        source = stories.open("rb")
    except OSError as error:
        raise Trouble(f"{stories} cannot be read: {error.strerror}.", "Check the path.") from None
    with source:
        yield source, stories.stat().st_size if stories.is_file() else None
