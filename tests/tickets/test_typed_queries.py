"""What a query finds is what somebody would pick who looked at every ticket with the query in hand."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

import pytest

from harness.cast import LONG_AGO, Cast, utc
from upheld.desks.actions import create_desk, publish_policy
from upheld.desks.policies import compiled, version_in_force
from upheld.people.actions import add_agent
from upheld.people.models import Agent, Contact, Organization, Team
from upheld.policy import pack
from upheld.rules.permissions import Role
from upheld.rules.queue_query import FaultKind, parse
from upheld.tickets.finding import Place, Search, Vocabulary, suggestions, understood
from upheld.tickets.models import CustomField, CustomValue, Reader, Snooze, Tag, Tagged, Ticket
from upheld.tickets.queries import QueueFilter, queue
from upheld.tickets.visibility import AgentViewer

NOW = utc("2026-03-20 16:30")  # a Friday; the desk closes at 17:00
CLOSES = utc("2026-03-20 17:00")
CATEGORIES = {
    "open": "open",
    "pending_action": "open",
    "waiting_on_customer": "waiting",
    "resolved": "resolved",
    "closed": "closed",
}


@dataclass
class Made:
    """A ticket as the oracle sees it: the row, and what hangs on it."""

    row: Ticket
    tags: frozenset[str]
    serial: str
    snoozed: bool

    @property
    def done(self) -> bool:
        return self.row.status_category in ("resolved", "closed")


@pytest.fixture
def place(cast: Cast) -> Place:
    policy = compiled(version_in_force(cast.desk, NOW).pk)
    return Place(AgentViewer.of(cast.bob), NOW, "Europe/London", {cast.desk.pk: policy})


@pytest.fixture
def made(cast: Cast) -> list[Made]:
    """Sixty tickets of which no two are alike, some of them nobody's, put off, restricted or spam."""
    dice = Random(7)
    version = version_in_force(cast.desk, NOW)
    acme = Organization.objects.create(desk=cast.desk, name="Acme Ltd")
    anna = Contact.objects.create(address="anna@example.org", name="Anna Berg", created_at=LONG_AGO)
    team = Team.objects.create(desk=cast.desk, name="Second line")
    tags = [Tag.objects.create(desk=cast.desk, name=name) for name in ("billing", "Paper jam")]
    field = CustomField.objects.create(desk=cast.desk, key="serial", label="Serial number", kind="text")
    rows: list[Ticket] = []
    for index in range(60):
        status = dice.choice(list(CATEGORIES))
        done = CATEGORIES[status] in ("resolved", "closed")
        due = None if done or index % 5 == 0 else NOW + timedelta(minutes=dice.randrange(-2000, 4000))
        received = NOW - timedelta(hours=dice.randrange(1, 400))
        rows.append(
            Ticket(
                desk=cast.desk, number=f"SDS-{index + 1}", subject="Something", policy_version=version,
                channel=dice.choice(("email", "portal", "problem")), requester=dice.choice((cast.amina, anna)),
                assignee=dice.choice((cast.bob, cast.lena, None)), team=dice.choice((team, None)),
                organization=dice.choice((acme, None)), received_at=received,
                updated_at=received + timedelta(minutes=dice.randrange(50)), status=status,
                status_category=CATEGORIES[status], priority=dice.choice(("high", "medium", "low")),
                priority_rank=2, next_due_at=due, is_spam=index % 11 == 0, restricted=index % 13 == 0,
            )
        )  # fmt: skip
    Ticket.objects.bulk_create(rows)
    everything = []
    for row in rows:
        borne = frozenset(each for each in tags if dice.random() < 0.3)
        serial = dice.choice(("", "A12", "B7"))
        everything.append(Made(row, frozenset(each.name for each in borne), serial, dice.random() < 0.15))
    by_name = {each.name: each for each in tags}
    Tagged.objects.bulk_create(
        Tagged(ticket=each.row, tag=by_name[name], at=NOW) for each in everything for name in each.tags
    )
    CustomValue.objects.bulk_create(
        CustomValue(ticket=each.row, field=field, value=each.serial) for each in everything if each.serial
    )
    later = NOW + timedelta(hours=1)
    Snooze.objects.bulk_create(
        Snooze(agent=cast.bob, ticket=each.row, until=later, set_at=LONG_AGO)
        for each in everything
        if each.snoozed
    )
    return everything


def search(text: str, place: Place) -> Search:
    return understood(parse(text), Vocabulary(place))


def found(text: str, place: Place, **options: object) -> set[str]:
    asked = search(text, place)
    assert not asked.faults, asked.faults
    wanted = QueueFilter(text=parse(text).words, search=asked, **options)  # type: ignore[arg-type]
    return {each.number for each in queue(place.viewer, wanted, place.now, limit=100).tickets}


Holds = Callable[[Made], bool]


def _due(low: datetime | None, high: datetime | None) -> Holds:
    def holds(each: Made) -> bool:
        due = each.row.next_due_at
        return due is not None and (low is None or due >= low) and (high is None or due < high)

    return holds


MIDNIGHT = utc("2026-03-20 00:00")
DAY = timedelta(days=1)
ORACLE: dict[str, Holds] = {
    "priority:high": lambda each: each.row.priority == "high",
    "priority:HIGH,Low": lambda each: each.row.priority in ("high", "low"),
    "-priority:high": lambda each: each.row.priority != "high",
    "status:open": lambda each: each.row.status == "open",
    'status:"Pending Action"': lambda each: each.row.status == "pending_action",
    "status:waiting": lambda each: each.row.status_category == "waiting",
    "-status:open": lambda each: each.row.status != "open",
    "assignee:me": lambda each: each.row.assignee_id is not None and each.row.assignee.name == "Bob Tanaka",
    "assignee:none": lambda each: each.row.assignee_id is None,
    "assignee:lena,none": lambda each: each.row.assignee_id is None or each.row.assignee.name == "Lena Novak",
    "-assignee:lena@desk.example.com": lambda each: each.row.assignee_id is None
    or each.row.assignee.name != "Lena Novak",
    "team:second-line": lambda each: each.row.team_id is not None,
    "-team:second-line": lambda each: each.row.team_id is None,
    "customer:acme": lambda each: each.row.organization_id is not None,
    "customer:YUSUF": lambda each: each.row.requester.name == "Amina Yusuf",
    "-customer:acme": lambda each: each.row.organization_id is None,
    "from:anna@example.org": lambda each: each.row.requester.name == "Anna Berg",
    "from:@School.example.org": lambda each: each.row.requester.name == "Amina Yusuf",
    'from:"anna berg"': lambda each: each.row.requester.name == "Anna Berg",
    'organization:"acme ltd"': lambda each: each.row.organization_id is not None,
    "tag:billing": lambda each: "billing" in each.tags,
    "tag:billing,paper-jam": lambda each: bool(each.tags),
    "-tag:billing": lambda each: "billing" not in each.tags,
    "has:tag": lambda each: bool(each.tags),
    "field.serial:a12": lambda each: each.serial == "A12",
    "-field.Serial-number:A12,B7": lambda each: not each.serial,
    "channel:portal": lambda each: each.row.channel == "portal",
    "is:problem": lambda each: each.row.channel == "problem",
    "is:restricted": lambda each: each.row.restricted,
    "is:overdue": _due(None, NOW),
    "due:overdue": _due(None, NOW),
    "-due:overdue": lambda each: not _due(None, NOW)(each),
    "due:<2h": _due(None, NOW + timedelta(hours=2)),
    "due:>1d": _due(NOW + DAY, None),
    "due:before-closing": _due(None, CLOSES),
    "due:today": _due(MIDNIGHT, MIDNIGHT + DAY),
    "due:tomorrow,overdue": lambda each: _due(MIDNIGHT + DAY, MIDNIGHT + 2 * DAY)(each) or _due(None, NOW)(each),
    "due:none": lambda each: each.row.next_due_at is None,
    "due:2026-03-21": _due(MIDNIGHT + DAY, MIDNIGHT + 2 * DAY),
    "created:<3d": lambda each: each.row.received_at >= NOW - 3 * DAY,
    "created:>3d": lambda each: each.row.received_at < NOW - 3 * DAY,
    "created:yesterday": lambda each: MIDNIGHT - DAY <= each.row.received_at < MIDNIGHT,
    "updated:>2026-03-15": lambda each: each.row.updated_at >= utc("2026-03-16 00:00"),
    "updated:<=2026-03-15": lambda each: each.row.updated_at < utc("2026-03-16 00:00"),
    "priority:high,low -tag:billing due:<1d assignee:me,none": lambda each: each.row.priority in ("high", "low")
    and "billing" not in each.tags
    and _due(None, NOW + DAY)(each)
    and (each.row.assignee_id is None or each.row.assignee.name == "Bob Tanaka"),
}  # fmt: skip


def test_open_work_is_found_as_somebody_would_pick_it(cast: Cast, place: Place, made: list[Made]) -> None:
    seen = [each for each in made if not each.row.restricted]
    for text, holds in ORACLE.items():
        picked = {
            each.row.number
            for each in seen
            if holds(each) and not each.done and not each.row.is_spam and not each.snoozed
        }
        assert found(text, place) == picked, text
        if text not in ("is:restricted",):
            assert picked, f"{text} finds nothing, so it says nothing"


def test_all_tickets_are_found_so_too_and_nothing_but_spam_is_left_out(
    place: Place, made: list[Made]
) -> None:
    seen = [each for each in made if not each.row.restricted and not each.row.is_spam]
    for text, holds in ORACLE.items():
        picked = {each.row.number for each in seen if holds(each)}
        assert found(text, place, category="all") == picked, text


STATES: dict[str, Holds] = {
    "is:done": lambda each: each.done and not each.row.is_spam,
    "-is:open": lambda each: each.done and not each.row.is_spam,
    "is:any": lambda each: not each.row.is_spam,
    "is:resolved,waiting": lambda each: each.row.status_category in ("resolved", "waiting") and not each.row.is_spam,
    "status:resolved": lambda each: each.row.status == "resolved" and not each.row.is_spam,
    "status:closed,open": lambda each: each.row.status in ("closed", "open") and not each.row.is_spam,
    "is:snoozed": lambda each: each.snoozed and not each.done and not each.row.is_spam,
    "-is:snoozed": lambda each: not each.snoozed and not each.done and not each.row.is_spam,
    "is:spam": lambda each: each.row.is_spam and not each.done and not each.snoozed,
    "is:spam is:any": lambda each: each.row.is_spam,
}  # fmt: skip


def test_a_query_that_names_a_state_looks_where_that_is(place: Place, made: list[Made]) -> None:
    for text, fits in STATES.items():
        picked = {each.row.number for each in made if fits(each) and not each.row.restricted}
        assert picked, text
        assert found(text, place) == picked, text


def test_what_is_restricted_is_found_by_its_readers_alone(cast: Cast, place: Place, made: list[Made]) -> None:
    hidden = next(each.row for each in made if each.row.restricted and not each.done and not each.row.is_spam)
    hidden.organization = Organization.objects.create(desk=cast.desk, name="Hidden Ltd")
    hidden.save(update_fields=["organization"])
    assert found("organization:hidden-ltd is:any", place) == set()
    Reader.objects.create(ticket=hidden, agent=cast.bob, added_at=LONG_AGO)
    assert found("organization:hidden-ltd is:any", place) == {hidden.number}


def test_a_tag_that_is_only_on_a_hidden_ticket_is_not_known(
    cast: Cast, place: Place, made: list[Made]
) -> None:
    hidden = next(each.row for each in made if each.row.restricted)
    secret = Tag.objects.create(desk=cast.desk, name="safeguarding")
    Tagged.objects.create(ticket=hidden, tag=secret, at=NOW)
    (fault,) = search("tag:safeguarding", place).faults
    assert (fault.kind, fault.nearest) == (FaultKind.unknown_value, ())
    assert suggestions(Vocabulary(place), "tag:safe")[1] == []
    (other,) = search("tag:safegarding", place).faults
    assert "safeguarding" not in other.nearest


UNKNOWN = [
    ("priority:hihg", "priority", "hihg", ("high",)),
    ("status:open,pendign-action", "status", "pendign-action", ("pending_action",)),
    ("assignee:lenna", "assignee", "lenna", ("lena@desk.example.com",)),
    ("organization:acme", "organization", "acme", ("Acme Ltd",)),
    ("tag:biling", "tag", "biling", ("billing",)),
    ("field.seriel:A12", "field.seriel", "", ("field.serial",)),
    ("contract:K-1", "contract", "K-1", ()),
    ("site:North", "site", "North", ()),
]


def test_what_nobody_knows_is_said_and_nothing_is_shown(place: Place, made: list[Made]) -> None:
    for text, key, value, nearest in UNKNOWN:
        asked = search(f"is:any {text}", place)
        (fault,) = asked.faults
        assert (fault.key, fault.value) == (key, value)
        assert fault.nearest[: len(nearest)] == nearest, text
        assert queue(place.viewer, QueueFilter(search=asked), NOW).tickets == []


def test_each_desk_closes_at_its_own_time(cast: Cast, place: Place) -> None:
    berlin = create_desk(
        slug="hilfe", name="Hilfe", prefix="HI", zone="Europe/Berlin", address="hilfe@desk.example.com",
        language="de", by="tests", now=LONG_AGO,
    )  # fmt: skip
    publish_policy(berlin, pack("always-on"), now=LONG_AGO, by="tests")
    add_agent(berlin, address="bob@desk.example.com", name="", role=Role.agent, by="tests", now=LONG_AGO)
    here, there = cast.writes("2026-03-20 09:00"), replace(cast, desk=berlin).writes("2026-03-20 09:00")
    Ticket.objects.filter(pk__in=(here.pk, there.pk)).update(next_due_at=utc("2026-03-20 17:30"))
    policies = {each.pk: compiled(version_in_force(each, NOW).pk) for each in (cast.desk, berlin)}
    both = replace(place, viewer=AgentViewer.of(cast.bob), policy_of=policies)
    assert found("due:before-closing", both) == {there.number}
    assert found("desk:hilfe", both) == {there.number}
    assert found("-desk:HI", both) == {here.number}


def test_nobody_finds_tickets_of_a_desk_that_is_not_theirs(charlie: Agent, made: list[Made]) -> None:
    theirs = Place(AgentViewer.of(charlie), NOW, "UTC")
    assert found("is:any customer:acme", theirs) == set()
    (fault,) = search("organization:acme-ltd", theirs).faults
    assert fault.nearest == ()


def test_words_and_terms_narrow_each_other(cast: Cast, place: Place) -> None:
    high = cast.writes("2026-03-20 09:00", subject="Projector is dark", priority="high")
    cast.writes("2026-03-20 09:05", subject="Projector is dark", priority="low")
    cast.writes("2026-03-20 09:10", subject="Printer", priority="high")
    assert found("projector priority:high", place) == {high.number}
    assert found('priority:high "is dark"', place) == {high.number}
    assert found("priority:high -printer", place) == {high.number}


FOLLOWS = [
    ("sta", "sta", ["status:"]),
    ("paper -pri", "-pri", ["-priority:"]),
    ("status:pen", "status:pen", ["status:pending_action"]),
    ("status:open,wait", "status:open,wait", ["status:open,waiting_on_customer", "status:open,waiting_on_third_party",
      "status:open,waiting"]),
    ("priority:", "priority:", ["priority:urgent", "priority:high", "priority:medium", "priority:low"]),
    ("assignee:len", "assignee:len", ["assignee:lena@desk.example.com"]),
    ("assignee:novak", "assignee:novak", ["assignee:lena@desk.example.com"]),
    ('organization:"Acme', 'organization:"Acme', ['organization:"Acme Ltd"']),
    ("due:b", "due:b", ["due:before-closing"]),
    ("is:snoo", "is:snoo", ["is:snoozed"]),
    ("tag:pap", "tag:pap", ['tag:"Paper jam"']),
    ("fie", "fie", ["field.serial:"]),
    ("zebra:", "zebra:", []),
    ("field.serial:A", "field.serial:A", []),
]  # fmt: skip


def test_what_may_follow_is_suggested(place: Place, made: list[Made]) -> None:
    for before, replaces, texts in FOLLOWS:
        replaced, offered = suggestions(Vocabulary(place), before)
        assert replaced == replaces
        assert [each.text for each in offered] == texts


def test_only_what_a_query_names_is_looked_up(
    place: Place, made: list[Made], django_assert_num_queries: Callable[[int], object]
) -> None:
    with django_assert_num_queries(0):
        search("status:open priority:high is:overdue due:<2h assignee:me has:tag has:attachment", place)
    with django_assert_num_queries(3):
        search("customer:acme from:anna", place)
