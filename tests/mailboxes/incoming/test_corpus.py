"""Every mail of the corpus, read and taken in alone, in this process: quick, field by field.

tests/processes/test_mail_corpus.py sends them all at once to the running processes.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from corpus.checking import acknowledged, ending, reading
from corpus.expected import BY_NAME, CORPUS, OF_A_STORY, CorpusMail, without_counterpart
from corpus.world import Story, World, build, tell
from mailboxes.incoming.desk_mail import SameProcess
from upheld.mailboxes.accept import store
from upheld.mailboxes.addressing import find_mailbox
from upheld.mailboxes.ingest import claim_and_ingest
from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.parsing import parse

NOW = datetime(2026, 3, 19, 9, 0, tzinfo=UTC)
SAMPLES = {
    name: f"<{name}@desk.example.com>" if name.endswith("_id") else f"{name}@desk.example.com"
    for name in OF_A_STORY
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: object) -> Iterator[World]:
    """The desks and their people, made once; each test leaves them as they were."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield build(NOW)
        transaction.set_rollback(True)


@pytest.fixture
def desk(world: World, db: None) -> World:
    return world


def test_every_mail_has_an_expectation_and_every_expectation_a_mail() -> None:
    assert without_counterpart() == []
    assert len(CORPUS) >= 200


@pytest.mark.parametrize("mail", CORPUS, ids=lambda mail: mail.name)
def test_it_is_read(mail: CorpusMail) -> None:
    nothing_wrong(reading(mail.expected, parse(mail.filled(SAMPLES)), SAMPLES))


@pytest.mark.parametrize("mail", CORPUS, ids=lambda mail: mail.name)
def test_it_ends_and_a_copy_of_it_is_nothing_new(mail: CorpusMail, desk: World) -> None:
    story = tell(desk, mail) if mail.is_template else None
    if mail.expected.after:
        receive(BY_NAME[mail.expected.after], None, NOW)
    first = receive(mail, story, NOW + timedelta(minutes=1))
    nothing_wrong(ending(mail, story, [first]))
    assert acknowledged(first) is mail.expected.is_acknowledged()
    # A mail server that did not hear our answer sends once more.
    second = receive(mail, story, NOW + timedelta(minutes=2))
    nothing_wrong(ending(mail, story, [first, second]))
    assert acknowledged(first) is mail.expected.is_acknowledged()


def receive(mail: CorpusMail, story: Story | None, at: datetime) -> RawMail:
    """A mail comes in by SMTP and is taken in."""
    values = story.values if story else {}
    recipient = mail.recipient(values)
    raw = store(
        mail.filled(values),
        way="smtp",
        mailbox=find_mailbox(recipient),
        envelope_from=mail.envelope_sender(values),
        envelope_to=recipient,
        read_clock=lambda: at,
    )
    claim_and_ingest(SameProcess(), at + timedelta(seconds=1))  # type: ignore[arg-type]
    raw.refresh_from_db()
    assert raw.state != MailState.WAITING, raw.reason
    return raw


def nothing_wrong(problems: Iterator[str]) -> None:
    if found := list(problems):
        pytest.fail("\n".join(found), pytrace=False)
