"""What is half written is kept for its author, for as long as anybody goes on with it."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from harness.cast import Cast, at, utc
from upheld.people.models import Agent
from upheld.rules.permissions import NotAllowed
from upheld.tickets import actions
from upheld.tickets.drafts import draft_of
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Draft, DraftFile, Press
from upheld.worker.housekeeping import tidy

NOW = utc("2026-03-20 16:30")
FILE = NewFile("a.txt", "text/plain", b"a")


def test_only_who_might_send_it_keeps_a_draft(cast: Cast, charlie: Agent) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    for kind in ("reply", "note"):
        with pytest.raises(NotAllowed):
            actions.keep_draft(charlie, ticket.pk, kind, "x", NOW)
        with pytest.raises(NotAllowed):
            actions.keep_files(charlie, ticket.pk, kind, [FILE], NOW)
    with pytest.raises(actions.Refused):
        actions.keep_draft(cast.bob, ticket.pk, "another", "x", NOW)
    with pytest.raises(actions.Refused, match="too long"):
        actions.keep_draft(cast.bob, ticket.pk, "note", "x" * 300_000, NOW)
    assert not Draft.objects.exists()


def test_two_people_have_a_draft_each(cast: Cast) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    for agent in (cast.bob, cast.lena):
        actions.keep_draft(agent, ticket.pk, "reply", f"From {agent}", NOW)
    actions.discard_draft(cast.lena, ticket.pk, "reply")
    kept = draft_of(cast.bob.pk, ticket.pk, "reply")
    assert kept is not None
    assert kept.text == "From Bob Tanaka"


def test_another_removes_no_file(cast: Cast) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    file = actions.keep_files(cast.bob, ticket.pk, "note", [FILE], NOW)[0]
    actions.remove_draft_file(cast.lena, file.pk)
    assert DraftFile.objects.filter(pk=file.pk).exists()


def test_after_ninety_days_a_draft_is_gone_with_its_files(
    cast: Cast, settings, django_capture_on_commit_callbacks, monkeypatch
) -> None:
    settings.LONGEST_UNDO = 60
    monkeypatch.setattr("upheld.worker.housekeeping.connection.close", lambda: None)
    old, fresh = cast.writes("2026-03-20 16:00"), cast.writes("2026-03-20 16:01")
    file = actions.keep_files(cast.bob, old.pk, "reply", [FILE], NOW)[0]
    actions.keep_draft(cast.bob, fresh.pk, "reply", "Later.", NOW + timedelta(days=5))
    press = actions.send_reply(fresh, cast.lena, "Sent.", at("2026-03-20 16:30"))
    actions.take_back(press.pk, cast.lena, NOW)
    with django_capture_on_commit_callbacks(execute=True):
        tidy(NOW + timedelta(days=89))
    assert default_storage.exists(file.stored_as)
    with django_capture_on_commit_callbacks(execute=True):
        tidy(NOW + timedelta(days=91))
    assert not default_storage.exists(file.stored_as)
    assert [each.text for each in Draft.objects.order_by("text")] == ["Later."]
    assert not Press.objects.exists()
    assert not DraftFile.objects.exists()
