"""Accounts from which mail is fetched: `upheld mail source ...`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from upheld.config.instant import present_instant
from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.desks.models import Mailbox
    from upheld.mailboxes.fetching.credentials import Credentials
    from upheld.mailboxes.fetching.wanted import Older
    from upheld.mailboxes.models import Source

Name = Annotated[str, typer.Argument(help="The source's short name.")]
FromStdin = Annotated[
    bool,
    typer.Option(
        "--password-stdin",
        help="Read the password from standard input; for OAuth2 the refresh token, and the client secret on a line"
        " below it.",
    ),
]
Since = Annotated[
    str, typer.Option(help="Fetch also what came on this day or later, like 2026-03-01 (IMAP).")
]
Unread = Annotated[bool, typer.Option("--unread", help="Fetch also what nobody has read yet (IMAP).")]
Everything = Annotated[bool, typer.Option("--all", help="Fetch also everything that is there already.")]


def add(group: typer.Typer) -> None:
    """Add the commands to `upheld mail`."""
    sources = typer.Typer(
        help="Accounts on other mail servers from which mail is fetched.", no_args_is_help=True
    )
    for name, command in _COMMANDS.items():
        sources.command(name)(command)
    group.add_typer(sources, name="source")


def add_source(
    name: Name,
    mailbox: Annotated[str, typer.Option(help="The desk's mailbox whose mail it is, by address.")],
    host: Annotated[str, typer.Option(help="The mail server, like imap.example.com.")],
    username: Annotated[str, typer.Option(help="The account to sign in with.")],
    protocol: Annotated[str, typer.Option(help="imap or pop.")] = "imap",
    port: Annotated[int | None, typer.Option(help="The port, where it is not the usual one.")] = None,
    security: Annotated[str, typer.Option(help="tls, starttls or none (on this machine).")] = "tls",
    folder: Annotated[str, typer.Option(help="The folder to fetch from (IMAP).")] = "INBOX",
    afterwards: Annotated[
        str, typer.Option(help="What becomes of mail that was fetched: leave, seen, move or delete.")
    ] = "leave",
    move_to: Annotated[str, typer.Option(help="The folder for --afterwards move.")] = "",
    oauth_token_url: Annotated[str, typer.Option(help="OAuth2: where access tokens are got.")] = "",
    oauth_client_id: Annotated[
        str, typer.Option(help="OAuth2: the client that your provider registered.")
    ] = "",
    oauth_scope: Annotated[str, typer.Option(help="OAuth2: the scope, where your provider wants one.")] = "",
    since: Since = "",
    unread: Unread = False,
    everything: Everything = False,
    even_unencrypted: Annotated[
        bool, typer.Option("--even-unencrypted", help="Allow --security none to another machine.")
    ] = False,
    untried: Annotated[
        bool, typer.Option("--untried", help="Add it even if it cannot be reached now.")
    ] = False,
    password_stdin: FromStdin = False,
) -> None:
    """Fetch a mailbox's mail from an account. By default mail that comes from now on; what is there already only with
    --unread, --since or --all. The password is asked for, or read from standard input."""
    older = _older(since, unread, everything, protocol)
    with _django():
        from upheld.config.commands.selecting import acting_person
        from upheld.mailboxes.fetching import administering

        plan = administering.Plan(
            name=name,
            mailbox=_mailbox(mailbox),
            host=host,
            username=username,
            protocol=protocol,
            port=port,
            security=security,
            folder=folder,
            afterwards=afterwards,
            move_to=move_to,
            oauth_token_url=oauth_token_url,
            oauth_client_id=oauth_client_id,
            oauth_scope=oauth_scope,
            even_unencrypted=even_unencrypted,
        )
        now = present_instant()
        source = administering.checked(plan, now)
        credentials = _asked(source, password_stdin)
        administering.add(
            source,
            credentials,
            acting_person(),
            now,
            try_it=None if untried else lambda new: _examine(new, now),
        )
        typer.echo(f"Mail for {source.mailbox.address} is fetched from {source.username} at {source.host}.")
        if not untried:
            _fetch(source, older)


def list_sources() -> None:
    """List all sources: when mail was last fetched, and what is wrong."""
    with _django():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        from upheld.mailboxes.models import Source

        table = Table(
            "Name", "Mailbox", "Account", "Afterwards", "Last fetched (UTC)", "State", show_edge=False
        )
        for source in Source.objects.select_related("mailbox").order_by("name"):
            account = f"{source.username} at {source.host}:{source.port} ({source.protocol}, {source.folder})"
            fetched = f"{source.fetched_at:%Y-%m-%d %H:%M:%S}" if source.fetched_at else "never"
            row = (source.name, source.mailbox.address, account, _afterwards(source), fetched, _state(source))
            table.add_row(*(Text(each) for each in row))
        if not table.rows:
            typer.echo("There is none. Add one with `upheld mail source add`.")
            return
        Console(width=None if sys.stdout.isatty() else 240).print(table)


def try_source(name: Name) -> None:
    """Connect, sign in and look, and say what fetching would do. Changes nothing."""
    with _django():
        from upheld.mailboxes.fetching.examining import examine

        for line in examine(_source(name), present_instant()):
            typer.echo(line)


def fetch(name: Name, since: Since = "", unread: Unread = False, everything: Everything = False) -> None:
    """Fetch now, whether the source is on or off; with --unread, --since or --all also what was there before."""
    with _django():
        source = _source(name)
        _fetch(source, _older(since, unread, everything, source.protocol))


def switch_on(name: Name) -> None:
    """Fetch from a source from now on, and try at once."""
    _switch(name, on=True)


def switch_off(name: Name) -> None:
    """Fetch from a source no more, until it is switched on."""
    _switch(name, on=False)


def remove(
    name: Name, yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")] = False
) -> None:
    """Forget a source and its password. What was fetched stays; so does everything on the server."""
    with _django():
        from upheld.config.commands.selecting import acting_person
        from upheld.mailboxes.fetching import administering

        source = _source(name)
        if not yes:
            typer.confirm(f"Forget {source}? Added again, it begins with mail that comes then.", abort=True)
        administering.remove(source, acting_person(), present_instant())
        typer.echo(f"Nothing is fetched from {name} any more, and its password is forgotten.")


def password(name: Name, password_stdin: FromStdin = False) -> None:
    """Set what a source signs in with, and try at once. It is asked for, or read from standard input."""
    with _django():
        from upheld.config.commands.selecting import acting_person
        from upheld.mailboxes.fetching import administering

        source = _source(name)
        administering.change_credentials(
            source, _asked(source, password_stdin), acting_person(), present_instant()
        )
        typer.echo(f"{name} signs in with that from now on.")


_COMMANDS = {
    "add": add_source,
    "list": list_sources,
    "test": try_source,
    "fetch": fetch,
    "on": switch_on,
    "off": switch_off,
    "remove": remove,
    "password": password,
}


@contextmanager
def _django() -> Iterator[None]:
    """A running database with Django set up on it; what an administrator can do something about is told in a line."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        import django

        django.setup()
        from upheld.mailboxes.fetching.trouble import FetchTrouble

        try:
            yield
        except FetchTrouble as trouble:
            raise Trouble(str(trouble)) from None


def _fetch(source: Source, older: Older) -> None:
    from upheld.mailboxes.fetching.visiting import Visit, pay

    visit = Visit(source, older=older)
    well = pay(visit)
    while well and visit.more:
        visit.older = type(older)()
        well = pay(visit)
    typer.echo(f"Fetched: {visit.stored}.")
    source.refresh_from_db()
    if source.last_error:
        raise Trouble(source.last_error)
    # The worker goes on from here at once: it stays on the line where the server tells of new mail.
    type(source).objects.filter(pk=source.pk, last_error="").update(next_try_at=None)


def _examine(source: Source, now: datetime) -> None:
    from upheld.mailboxes.fetching.examining import examine
    from upheld.mailboxes.fetching.trouble import FetchTrouble

    try:
        lines = examine(source, now)
    except FetchTrouble as trouble:
        raise FetchTrouble(f"{trouble} Nothing was added; --untried adds it all the same.") from None
    for line in lines:
        typer.echo(line)


def _switch(name: str, *, on: bool) -> None:
    with _django():
        from upheld.config.commands.selecting import acting_person
        from upheld.mailboxes.fetching import administering

        changed = administering.switch(_source(name), on, acting_person(), present_instant())
        typer.echo(f"{name} is {'on' if on else 'off'}{'' if changed else ', as it was'}.")


def _source(name: str) -> Source:
    from upheld.mailboxes.models import Source

    source = Source.objects.select_related("mailbox__desk").filter(name=name).first()
    if source is None:
        raise Trouble(f"There is no source “{name}”.", "See `upheld mail source list`.")
    return source


def _mailbox(address: str) -> Mailbox:
    from upheld.desks.models import Mailbox

    mailbox = Mailbox.objects.select_related("desk").filter(address=address.strip().lower()).first()
    if mailbox is None:
        known = ", ".join(Mailbox.objects.order_by("address").values_list("address", flat=True)[:20])
        raise Trouble(f"There is no mailbox {address}.", f"There are: {known or 'none; run `upheld setup`'}.")
    return mailbox


def _older(since: str, unread: bool, everything: bool, protocol: str) -> Older:
    from upheld.mailboxes.fetching.wanted import Older

    if protocol == "pop" and (since or unread):
        raise Trouble("POP3 knows neither dates nor what was read.", "Use --all, or fetch by IMAP.")
    try:
        day = date.fromisoformat(since) if since else None
    except ValueError:
        raise Trouble(f"“{since}” is no day.", "Write it like 2026-03-01.") from None
    return Older(everything=everything, unread=unread, since=day)


def _asked(source: Source, from_stdin: bool) -> Credentials:
    from upheld.mailboxes.fetching.credentials import Credentials

    if not from_stdin and not sys.stdin.isatty():
        raise Trouble(
            "Nobody is here to answer.", "Give the password on standard input, with --password-stdin."
        )
    if not source.oauth_token_url:
        return Credentials(password=_line() if from_stdin else _hidden("Password"))
    if from_stdin:
        return Credentials(refresh_token=_line(), client_secret=_line())
    return Credentials(
        refresh_token=_hidden("Refresh token (empty when the client signs in by itself)"),
        client_secret=_hidden("Client secret (empty when there is none)"),
    )


def _line() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _hidden(what: str) -> str:
    return str(typer.prompt(what, hide_input=True, default="", show_default=False))


def _afterwards(source: Source) -> str:
    return (
        f"moved to {source.move_to}"
        if source.afterwards == "move"
        else {"leave": "left", "seen": "marked as read", "delete": "deleted"}[source.afterwards]
    )


def _state(source: Source) -> str:
    if not source.is_on:
        return "off"
    if not source.last_error:
        return "on"
    times = f"failed {source.failures} times, " if source.failures else ""
    again = f"; next try {source.next_try_at:%H:%M:%S}" if source.next_try_at else ""
    return f"{times}{source.last_error}{again}"
