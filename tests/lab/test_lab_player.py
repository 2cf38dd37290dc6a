"""The player of a lab: deeds at their instants, a clock that waits for the worker, and a life that goes on after a
stop."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness.quick_policy import QUICK
from upheld.desks.lab_clock import LabClock
from upheld.desks.models import Desk
from upheld.desks.policies import version_in_force
from upheld.desks.policy_documents import document_of
from upheld.lab.life import waiting
from upheld.lab.life.book import OPENS, Book, Entry
from upheld.lab.life.founding import found
from upheld.lab.life.plan import Plan, read_plan, write_plan
from upheld.lab.life.player import Player
from upheld.lab.life.waiting import Quiet, next_work
from upheld.mailboxes.models import RawMail
from upheld.notices.models import Notice, NoticeState
from upheld.people.models import RoleHolder, Team
from upheld.policy import pack, packs
from upheld.tickets.models import HeldRequest, StoryEvent, Ticket
from upheld.worker.clocks import Sweeper

START = datetime(2026, 3, 23, 7, tzinfo=UTC)
PLAN = Plan(QUICK, "quick", 3, START)


class Lab:
    """A lab whose worker works between the player's steps, in this process, and in which nobody writes by mail."""

    def __init__(self, folder: Path, settings: object, plan: Plan = PLAN) -> None:
        self.wall = 1000.0
        self.folder = folder
        self.clock = LabClock.make(folder / "clock", START, 21600, lambda: self.wall)
        settings.DEMO = True  # type: ignore[attr-defined]
        self.desk: Desk = found(plan)
        self.player = self.anew()

    def anew(self) -> Player:
        """Another player, as after a stop."""
        return Player(self.clock, self.desk, Book(self.folder / "book.json", START), PLAN.seed)

    def worker_works(self) -> None:
        """What is due is settled; what waits is sent."""
        now = self.clock.now()
        # Half a second of real time is what this worker leaves to those who are just pressing a button.
        Sweeper().sweep(now + timedelta(seconds=0.5))
        Notice.objects.filter(state=NoticeState.WAITING, next_try_at__lte=now).update(state=NoticeState.SENT)

    def live(self, span: timedelta) -> None:
        """Let time pass."""
        while self.clock.now() < START + span:
            self.player.step()
            self.worker_works()
            self.wall += 0.05


@pytest.fixture
def without_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mail needs a listener, which the test with the real processes has."""
    monkeypatch.setattr("upheld.lab.life.stage.post.write_first", _not_today)
    monkeypatch.setattr("upheld.lab.life.stage.post.write_again", _not_today)


@pytest.fixture
def lab(db: None, without_mail: None, tmp_path: Path, settings) -> Lab:
    return Lab(tmp_path, settings)


def _not_today(*_: object) -> None:
    return None


def test_everything_happens_at_its_instant(lab: Lab) -> None:
    lab.live(timedelta(days=1))
    people = StoryEvent.objects.filter(consequence_key=None)
    policy = StoryEvent.objects.exclude(consequence_key=None)
    kinds = set(policy.values_list("kind", flat=True))
    assert {"verdict", "escalated", "status"} <= kinds
    assert people.filter(agent__isnull=False).count() > 5
    for event in StoryEvent.objects.order_by("pk"):
        # The worker wrote it down at the very instant at which it held, though hours pass between two of its looks.
        assert event.recorded_at - event.at <= timedelta(seconds=0.5), event
    assert not Ticket.objects.filter(wake_at__lt=lab.clock.now() - timedelta(seconds=1)).exists()


@pytest.mark.parametrize("name", packs())
def test_every_shipped_policy_can_be_watched(
    name: str, db: None, without_mail: None, tmp_path: Path, settings
) -> None:
    lab = Lab(tmp_path, settings, Plan(pack(name), name, 3, START))
    # Somebody writes within a day, at the latest when it is day where the desk is.
    for hours in range(1, 25):
        lab.live(timedelta(hours=hours))
        if Ticket.objects.exists() or HeldRequest.objects.exists():
            break
    document = document_of(version_in_force(lab.desk, START).pk)
    filled = set(RoleHolder.objects.filter(desk=lab.desk).values_list("role", flat=True))
    tiers = set(Team.objects.filter(desk=lab.desk).exclude(tier="").values_list("tier", flat=True))
    assert filled == {each.id for each in document.roles}
    assert tiers == {each.id for each in document.tiers}
    assert Ticket.objects.exists() or HeldRequest.objects.exists()


def test_the_clock_waits_for_the_worker_and_not_for_ever(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    soon = START + timedelta(seconds=1)
    RawMail.objects.create(received_at=START, next_try_at=soon, way="smtp", raw=b"unread", digest="")
    for _ in range(20):
        lab.player.step()
        lab.wall += 1
    assert lab.clock.now() == soon
    monkeypatch.setattr(waiting, "PATIENCE", -1.0)
    lab.player.step()
    lab.wall += 1
    assert lab.clock.now() > soon


def test_while_it_is_paused_nobody_does_anything(lab: Lab) -> None:
    lab.clock.set_speed(0)
    for _ in range(10):
        lab.player.step()
        lab.wall += 100
    assert lab.clock.now() == START
    assert not Ticket.objects.exists()


def test_a_player_goes_on_where_another_was_stopped(lab: Lab) -> None:
    lab.live(timedelta(hours=5))
    book = Book(lab.folder / "book.json", START)
    first, arrivals = book.first, book.arrivals
    lab.player = lab.anew()
    lab.live(timedelta(hours=10))
    again = Book(lab.folder / "book.json", START)
    assert first is not None and again.first is not None and first.at <= again.first.at
    assert again.arrivals > arrivals
    subjects = StoryEvent.objects.filter(kind="opened").count()
    assert subjects == Ticket.objects.count()


def test_what_is_not_due_is_waited_for_by_nobody(lab: Lab) -> None:
    assert next_work(START) is None
    assert Quiet().reached(START)


def test_a_book_is_read_as_it_was_written(tmp_path: Path) -> None:
    book = Book(tmp_path / "book", START)
    book.expect(START + timedelta(hours=2))
    book.replace_first(Entry(START + timedelta(hours=2), 1, 0, planned=False))
    book.expect(START + timedelta(hours=1))
    again = Book(tmp_path / "book", START)
    assert again.first == Entry(START + timedelta(hours=1), 2, OPENS)
    again.replace_first(None)
    assert again.first == Entry(START + timedelta(hours=2), 1, 0, planned=False)
    assert (again.arrivals, again.last_arrival) == (2, START + timedelta(hours=1))


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_plan(tmp_path, PLAN)
    assert read_plan(tmp_path) == PLAN
