"""What an administrator does with sources; each change is audited, and no secret is in the audit."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Mailbox
from upheld.mailboxes.fetching import credentials as kept
from upheld.mailboxes.fetching import tokens
from upheld.mailboxes.fetching.credentials import Credentials
from upheld.mailboxes.fetching.tls import is_loopback
from upheld.mailboxes.fetching.trouble import FetchTrouble
from upheld.mailboxes.models import Afterwards, Protocol, Security, Source

PORTS = {
    (Protocol.IMAP, Security.TLS): 993,
    (Protocol.IMAP, Security.STARTTLS): 143,
    (Protocol.IMAP, Security.NONE): 143,
    (Protocol.POP, Security.TLS): 995,
    (Protocol.POP, Security.STARTTLS): 110,
    (Protocol.POP, Security.NONE): 110,
}
_NAME = re.compile(r"\A[a-z0-9][a-z0-9-]{0,39}\Z")
_HOST = re.compile(r"\A[A-Za-z0-9.:_-]{1,253}\Z")
_LINE = re.compile(r"\A[^\x00-\x1f\x7f]*\Z")


@dataclass(frozen=True, slots=True)
class Plan:
    """A source as an administrator describes it."""

    name: str
    mailbox: Mailbox
    host: str
    username: str
    protocol: str = Protocol.IMAP
    port: int | None = None
    security: str = Security.TLS
    folder: str = "INBOX"
    afterwards: str = Afterwards.LEAVE
    move_to: str = ""
    oauth_token_url: str = ""
    oauth_client_id: str = ""
    oauth_scope: str = ""
    even_unencrypted: bool = False


def checked(plan: Plan, now: datetime) -> Source:
    """Return the source that a plan means, not yet stored. Raises FetchTrouble with what is wrong and what to do."""
    for rule in (_names, _connection, _step, _oauth):
        rule(plan)
    protocol, security = Protocol(plan.protocol), Security(plan.security)
    return Source(
        name=plan.name,
        mailbox=plan.mailbox,
        protocol=protocol,
        host=plan.host.strip("[]"),
        port=plan.port or PORTS[protocol, security],
        security=security,
        username=plan.username,
        oauth_token_url=plan.oauth_token_url,
        oauth_client_id=plan.oauth_client_id,
        oauth_scope=plan.oauth_scope,
        folder=plan.folder,
        afterwards=Afterwards(plan.afterwards),
        move_to=plan.move_to,
        created_at=now,
    )


@transaction.atomic
def add(
    source: Source,
    credentials: Credentials,
    by: str,
    now: datetime,
    *,
    try_it: Callable[[Source], None] | None = None,
) -> Source:
    """Store a source and what it signs in with. `try_it` may refuse it by raising, and then nothing is stored."""
    check_credentials(source, credentials)
    source.save()
    kept.keep(source, credentials, now)
    record(
        at=now,
        actor=by,
        action="mail source added",
        subject=source.name,
        desk=source.mailbox.desk,
        mailbox=source.mailbox.address,
        account=f"{source.username} at {source.host}:{source.port}",
        protocol=source.protocol,
        security=source.security,
        folder=source.folder,
        afterwards=source.afterwards,
        move_to=source.move_to,
    )
    if try_it is not None:
        try_it(source)
    return source


@transaction.atomic
def switch(source: Source, on: bool, by: str, now: datetime) -> bool:
    """Fetch from a source from now on, or no more; return whether that is a change. Switched on, it is tried at once,
    whatever failed before."""
    row = Source.objects.select_for_update().get(pk=source.pk)
    changed = row.is_on != on
    row.is_on = on
    if on:
        row.failures, row.next_try_at = 0, None
    row.save(update_fields=["is_on", "failures", "next_try_at"])
    if changed:
        action = "mail source switched on" if on else "mail source switched off"
        record(at=now, actor=by, action=action, subject=row.name, desk=row.mailbox.desk)
    return changed


@transaction.atomic
def change_credentials(source: Source, credentials: Credentials, by: str, now: datetime) -> None:
    """Sign in with these from now on, and try at once."""
    check_credentials(source, credentials)
    kept.keep(source, credentials, now)
    tokens.drop(source)
    Source.objects.filter(pk=source.pk).update(failures=0, next_try_at=None)
    record(at=now, actor=by, action="mail source password set", subject=source.name, desk=source.mailbox.desk)


@transaction.atomic
def remove(source: Source, by: str, now: datetime) -> None:
    """Fetch from it no more and forget it; what was fetched stays."""
    record(
        at=now,
        actor=by,
        action="mail source removed",
        subject=source.name,
        desk=source.mailbox.desk,
        mailbox=source.mailbox.address,
        account=f"{source.username} at {source.host}:{source.port}",
    )
    kept.forget(source)
    tokens.drop(source)
    source.delete()


def check_credentials(source: Source, credentials: Credentials) -> None:
    """Refuse what nobody can sign in with."""
    given = [credentials.password, credentials.refresh_token, credentials.client_secret]
    if not any(given):
        wanted = "a refresh token or a client secret" if source.oauth_token_url else "a password"
        raise FetchTrouble(f"Give {wanted}.")
    if not all(_LINE.match(text) for text in given):
        raise FetchTrouble("A password is one line without control characters.")


def _names(plan: Plan) -> None:
    if not _NAME.match(plan.name):
        raise FetchTrouble(f"“{plan.name}” is no name for a source. Use small letters, digits and hyphens.")
    if Source.objects.filter(name=plan.name).exists():
        raise FetchTrouble(
            f"There is a source “{plan.name}” already. Choose another name, or remove that one."
        )
    for text, what in (
        (plan.username, "user name"),
        (plan.folder, "folder"),
        (plan.move_to, "folder to move to"),
    ):
        if not _LINE.match(text) or len(text) > 254:
            raise FetchTrouble(f"The {what} is one line of at most 254 characters.")
    if not plan.username:
        raise FetchTrouble("Name the account to sign in with: --username.")


def _connection(plan: Plan) -> None:
    _one_of(plan.protocol, Protocol, "--protocol")
    _one_of(plan.security, Security, "--security")
    if not _HOST.match(plan.host.strip("[]")):
        raise FetchTrouble(f"“{plan.host}” is no name of a mail server. Write it like imap.example.com.")
    if plan.port is not None and not 0 < plan.port < 65536:
        raise FetchTrouble(f"There is no port {plan.port}.")
    if plan.security == Security.NONE and not (is_loopback(plan.host) or plan.even_unencrypted):
        raise FetchTrouble(
            f"Without encryption, everybody on the way to {plan.host} can read the password and the mail."
            " Use --security tls or starttls; or say --even-unencrypted."
        )


def _step(plan: Plan) -> None:
    _one_of(plan.afterwards, Afterwards, "--afterwards")
    if plan.protocol == Protocol.POP and plan.afterwards not in (Afterwards.LEAVE, Afterwards.DELETE):
        raise FetchTrouble(
            "POP3 knows neither marks nor folders. Use --afterwards leave or delete, or --protocol imap."
        )
    if (plan.afterwards == Afterwards.MOVE) != bool(plan.move_to):
        raise FetchTrouble("--afterwards move and --move-to FOLDER belong together.")
    if plan.move_to and plan.move_to == plan.folder:
        raise FetchTrouble("Mail cannot be moved to the folder from which it is fetched.")
    if not plan.folder:
        raise FetchTrouble("Name the folder to fetch from: --folder.")


def _oauth(plan: Plan) -> None:
    if not plan.oauth_token_url:
        if plan.oauth_client_id or plan.oauth_scope:
            raise FetchTrouble("--oauth-client-id and --oauth-scope belong to --oauth-token-url.")
        return
    tokens.check_address(plan.oauth_token_url)
    if not plan.oauth_client_id:
        raise FetchTrouble("Name the client that your provider registered: --oauth-client-id.")
    fits = (
        len(plan.oauth_token_url) <= 500 and len(plan.oauth_client_id) <= 254 and len(plan.oauth_scope) <= 500
    )
    if not fits or not all(map(_LINE.match, (plan.oauth_token_url, plan.oauth_client_id, plan.oauth_scope))):
        raise FetchTrouble(
            "An OAuth address, client or scope is one line of at most 500 characters (a client 254)."
        )
    if plan.security == Security.NONE and not is_loopback(plan.host):
        raise FetchTrouble("A token is sent over encrypted connections only. Use --security tls or starttls.")


def _one_of(text: str, choices: type[Protocol] | type[Security] | type[Afterwards], option: str) -> None:
    if text not in choices.values:
        raise FetchTrouble(f"“{text}” is no {option}. Use one of: {', '.join(choices.values)}.")
