"""Trying a source without changing anything: neither there nor here."""

from collections.abc import Iterator
from datetime import datetime

from upheld.mailboxes.fetching import credentials as kept
from upheld.mailboxes.fetching import imap, pop, progress
from upheld.mailboxes.fetching.credentials import Credentials
from upheld.mailboxes.fetching.trouble import FetchTrouble, describe
from upheld.mailboxes.models import Afterwards, Protocol, Security, Source

_STEPS = {
    Afterwards.LEAVE: "left as they are",
    Afterwards.SEEN: "marked as read",
    Afterwards.MOVE: "moved to the folder “{move_to}”",
    Afterwards.DELETE: "deleted from the server",
}


def examine(source: Source, now: datetime) -> list[str]:
    """Connect, sign in and look; return what was found and what fetching would do, in sentences. Raises
    FetchTrouble with what is wrong."""
    credentials = Credentials()
    try:
        credentials = kept.load(source)
        look = _maildrop if source.protocol == Protocol.POP else _folder
        return list(look(source, credentials, now))
    except Exception as error:
        raise FetchTrouble(describe(error, source, credentials.hidden())) from None


def _folder(source: Source, credentials: Credentials, now: datetime) -> Iterator[str]:
    with imap.signed_in(source, credentials, now) as folder:
        folder.open(only_look=True)
        yield _signed_in(source)
        yield f"Folder “{source.folder}”: {folder.count} mails."
        yield from _planned(source, _to_come(source, folder))
        if missing := folder.offers_for_step():
            yield missing
        yield (
            "New mail is noticed at once (IDLE)."
            if folder.can_wait
            else "The server does not tell of new mail (no IDLE): it is looked for every minute."
        )


def _to_come(source: Source, folder: imap.Folder) -> int | None:
    last = progress.last_uid(source, folder.validity)
    return None if last is None else len(folder.after(last))


def _maildrop(source: Source, credentials: Credentials, now: datetime) -> Iterator[str]:
    with pop.signed_in(source, credentials, now) as maildrop:
        keys = maildrop.keys()
        yield _signed_in(source)
        yield f"The account holds {len(keys)} mails."
        begun = progress.has_begun(source)
        yield from _planned(source, len(set(keys) - progress.known(source, keys)) if begun else None)
        yield "New mail is looked for every minute (POP3)."
        maildrop.leave()


def _signed_in(source: Source) -> str:
    secured = {
        Security.TLS: "over TLS",
        Security.STARTTLS: "over STARTTLS",
        Security.NONE: "without encryption",
    }
    how = secured[Security(source.security)]
    return f"Signed in to {source.host}:{source.port} {how} as {source.username}."


def _planned(source: Source, to_come: int | None) -> Iterator[str]:
    if to_come is None:
        yield "What is there now stays untouched; mail that comes from now on is fetched."
    else:
        yield f"To be fetched now: {to_come + len(progress.to_fetch(source))}."
    step = _STEPS[Afterwards(source.afterwards)].format(move_to=source.move_to)
    yield f"Mails that were fetched are {step}."
