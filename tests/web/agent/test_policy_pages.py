"""The pages of a policy: who sees what, and the way from a document to a version in force."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from cast_of_pages import HOSTILE, NOW, enter, page
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from harness.cast import Cast, at, utc
from upheld.desks.actions import begin_draft, publish_policy
from upheld.desks.models import AuditEntry, Desk, PolicyDraft, PolicyVersion
from upheld.people.actions import add_agent
from upheld.people.models import Agent, Membership
from upheld.policy import Mode, pack
from upheld.rules.permissions import Role
from upheld.tickets import actions
from upheld.tickets.actions import Publication, publish
from upheld.tickets.keys import link_token
from upheld.tickets.models import Ticket
from upheld.worker.clocks import sweep

SCHOOL = pack("school-devices").partition("\nexamples:")[0] + "\n"
SHORTER = SCHOOL.replace("within: 24 working hours", "within: 12 working hours")
HERE = "/policy/school-devices/"
LATER = NOW + timedelta(days=3)


@pytest.fixture
def ada(cast: Cast, signed_in: Callable[[Agent], Client]) -> Client:
    """The administrator's browser."""
    return signed_in(cast.ada)


@pytest.fixture
def lena(cast: Cast, signed_in: Callable[[Agent], Client]) -> Client:
    """The team lead's browser."""
    return signed_in(cast.lena)


def drafted(cast: Cast, text: str = SHORTER, **more: object) -> PolicyDraft:
    held = cast.desk.policy_versions.get(number=1)
    values = {"by": "Ada", "now": NOW - timedelta(hours=1), **more}
    return begin_draft(cast.desk, held, text, **values)  # type: ignore[arg-type]


def to_come(cast: Cast, text: str = SHORTER) -> PolicyVersion:
    """A version that holds in three days."""
    wanted = Publication(desk=cast.desk, text=text, effective_from=LATER)
    return publish(wanted, now=NOW - timedelta(days=1), by="Ada").version


def words(text: str) -> str:
    """A page without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def form_of(text: str) -> dict[str, str]:
    """What the form of the effect page would send as it stands."""
    form = re.search(r'<form id="how".*?</form>', text, re.S)
    assert form
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
    mode = re.search(r'name="mode" value="(\w+)" checked', form[0])
    effective = re.search(r'name="effective" value="([^"]*)"', form[0])
    remark = re.search(r'name="remark" value="([^"]*)"', form[0])
    assert mode and effective and remark
    return fields | {"mode": mode[1], "effective": effective[1], "remark": remark[1]}


# Who may do what.


def read_by_agents(number: int) -> list[str]:
    version = f"{HERE}versions/{number}/"
    return [HERE, version, f"{version}source.yaml"]


def for_publishers(draft: PolicyDraft, number: int) -> dict[str, str]:
    """Every address that changes something or shows a draft, and how it is asked."""
    version, own = f"{HERE}versions/{number}/", f"{HERE}drafts/{draft.pk}/"
    return {
        f"{version}again/": "post",
        f"{version}withdraw/": "post",
        f"{HERE}change/": "post",
        f"{HERE}closed-day/": "get",
        own: "get",
        f"{own}effect/": "get",
        f"{own}effect/carry.csv": "get",
        f"{own}publish/": "post",
        f"{own}discard/": "post",
    }


@pytest.mark.parametrize("who", ["bob", "lena"])
def test_agents_of_the_desk_read_the_versions_and_change_nothing(
    cast: Cast, who: str, signed_in: Callable[[Agent], Client]
) -> None:
    to_come(cast)
    draft = drafted(cast)
    client = signed_in(getattr(cast, who))
    for address in read_by_agents(2):
        assert client.get(address).status_code == 200, address
    text = page(client.get(HERE))
    for act in ("Change the policy", "Withdraw", "/again/", "closed-day", "drafts"):
        assert act not in text, act
    for address, way in for_publishers(draft, 2).items():
        assert getattr(client, way)(address).status_code == 404, address
    assert PolicyVersion.objects.filter(withdrawal=None).count() == 2
    assert PolicyDraft.objects.count() == 1


def test_for_another_desk_nothing_of_it_exists(cast: Cast, stranger: Client) -> None:
    to_come(cast)
    draft = drafted(cast)
    for address, way in (dict.fromkeys(read_by_agents(2), "get") | for_publishers(draft, 2)).items():
        there = getattr(stranger, way)(address)
        absent = getattr(stranger, way)(address.replace("school-devices", "nowhere"))
        assert there.status_code == absent.status_code == 404, address
        assert there.content == absent.content


def test_a_draft_of_another_desk_is_not_reached_through_ones_own(
    cast: Cast, stranger: Client, charlie: Agent
) -> None:
    draft = drafted(cast)
    for place in ("", "effect/"):
        assert stranger.get(f"/policy/other/drafts/{draft.pk}/{place}").status_code == 404
    assert stranger.post(f"/policy/other/drafts/{draft.pk}/discard/").status_code == 404
    assert PolicyDraft.objects.exists()


def test_visitors_are_asked_to_sign_in(client: Client, cast: Cast) -> None:
    draft = drafted(cast)
    for address, way in (dict.fromkeys(read_by_agents(1), "get") | for_publishers(draft, 1)).items():
        assert getattr(client, way)(address).status_code == 302, address


def test_a_right_withdrawn_while_the_page_is_open_is_gone(cast: Cast, ada: Client) -> None:
    draft = drafted(cast)
    form = form_of(page(ada.get(f"{HERE}drafts/{draft.pk}/effect/")))
    Membership.objects.filter(agent=cast.ada).update(role=Role.lead.value)
    assert ada.post(f"{HERE}drafts/{draft.pk}/publish/", form).status_code == 404
    assert PolicyVersion.objects.count() == 1


def test_an_administrator_of_two_desks_chooses_first(cast: Cast, ada: Client, charlie: Agent) -> None:
    assert ada.get("/policy/").headers["Location"] == HERE
    other = Desk.objects.get(slug="other")
    add_agent(other, address=cast.ada.address, name="Ada", role=Role.administrator, by="tests", now=NOW)
    text = page(ada.get("/policy/"))
    assert 'href="/policy/other/"' in text and f'href="{HERE}"' in text


# From a document to a version.


def test_the_way_from_a_change_to_a_version_in_force(cast: Cast, ada: Client) -> None:
    ticket = cast.writes("2026-03-20 09:00")
    begun = ada.post(f"{HERE}change/")
    draft = PolicyDraft.objects.get()
    assert begun.headers["Location"] == f"{HERE}drafts/{draft.pk}/"
    assert "24 working hours" in page(ada.get(f"{HERE}drafts/{draft.pk}/"))
    on = ada.post(f"{HERE}drafts/{draft.pk}/", {"text": SHORTER.replace("\n", "\r\n"), "go_on": "1"})
    assert on.headers["Location"] == f"{HERE}drafts/{draft.pk}/effect/"
    text = page(ada.get(on.headers["Location"]))
    assert "within: 12 working hours" in text and 'data-kind="added"' in text
    # Nothing has been said about open tickets: they are left alone.
    assert form_of(text)["mode"] == "pin"
    assert "1 open ticket stays under its version" in words(text)
    chosen = form_of(text) | {"mode": "carry", "remark": "Agreed with the schools"}
    assert ada.post(f"{HERE}drafts/{draft.pk}/effect/", chosen).status_code == 302
    text = page(ada.get(f"{HERE}drafts/{draft.pk}/effect/"))
    row = words(re.search(r'<tr data-state="due-soon">.*?</tr>', text, re.S)[0])  # type: ignore[index]
    assert row == f"{ticket.number} First response Tue 14:00 Mon 11:30 Due earlier 26 h 30 min earlier"
    done = ada.post(f"{HERE}drafts/{draft.pk}/publish/", form_of(text), follow=True)
    assert "Version 2 is published and in force. 1 open ticket follows it: 1 due times earlier" in words(
        page(done)
    )
    version = PolicyVersion.objects.get(number=2)
    assert (version.mode, version.remark, version.source) == ("carry", "Agreed with the schools", SHORTER)
    assert version.published_by == f"Ada Okafor <{cast.ada.address}>"
    assert not PolicyDraft.objects.exists()
    entry = AuditEntry.objects.get(action="policy published", data__version=2)
    assert entry.data["digest"] == version.digest and entry.data["open_tickets"]["earlier"] == 1
    sweep(NOW + timedelta(seconds=1))
    ticket.refresh_from_db()
    assert ticket.next_due_at == utc("2026-03-23 11:30")
    shown = words(page(ada.get(f"/tickets/{ticket.number}/")))
    assert "The policy took it over with version 2; used time stays; First response due Mon 11:30" in shown


def test_what_is_chosen_but_not_looked_at_is_not_published(cast: Cast, ada: Client) -> None:
    cast.writes("2026-03-20 09:00")
    draft = drafted(cast)
    address = f"{HERE}drafts/{draft.pk}/"
    form = form_of(page(ada.get(f"{address}effect/"))) | {"mode": "recompute"}
    answer = ada.post(f"{address}publish/", form, follow=True)
    assert "Nothing is published yet" in page(answer)
    assert PolicyVersion.objects.count() == 1
    assert form_of(page(answer))["mode"] == "recompute"
    ada.post(f"{address}publish/", form_of(page(answer)))
    assert PolicyVersion.objects.get(number=2).mode == "recompute"


def test_problems_are_told_with_their_lines_and_nothing_typed_is_lost(cast: Cast, ada: Client) -> None:
    draft = drafted(cast)
    broken = SHORTER.replace("initial_status: open", "initial_status: opened # my note")
    line = broken.splitlines().index("initial_status: opened # my note") + 1
    answer = ada.post(f"{HERE}drafts/{draft.pk}/", {"text": broken, "go_on": "1"}, follow=True)
    text = page(answer)
    assert f"line {line}" in words(text) and "Not sound" in text
    assert "my note" in text
    draft.refresh_from_db()
    assert draft.text == broken
    # Whoever goes on by hand comes back here.
    assert ada.get(f"{HERE}drafts/{draft.pk}/effect/").headers["Location"] == f"{HERE}drafts/{draft.pk}/"


def test_examples_are_run_and_findings_told(cast: Cast, ada: Client) -> None:
    text = words(page(ada.get(f"{HERE}drafts/{drafted(cast, pack('school-devices')).pk}/")))
    assert re.search(r"[0-9]{2} examples were run, and all hold", text)
    failing = pack("school-devices").replace("due: 2026-03-24 13:50", "due: 2026-03-24 13:51")
    assert failing != pack("school-devices")
    text = words(page(ada.get(f"{HERE}drafts/{drafted(cast, failing).pk}/")))
    assert "Not sound" in text and "13:50" in text


def test_a_document_comes_from_a_file(cast: Cast, ada: Client) -> None:
    draft = drafted(cast)
    file = SimpleUploadedFile("policy.yaml", b"\xef\xbb\xbf" + SHORTER.encode(), "text/yaml")
    ada.post(f"{HERE}drafts/{draft.pk}/", {"text": "", "file": file})
    draft.refresh_from_db()
    assert draft.text == SHORTER
    odd = SimpleUploadedFile("policy.yaml", b"\xff\xfe\x00", "text/yaml")
    answer = ada.post(f"{HERE}drafts/{draft.pk}/", {"text": "", "file": odd})
    assert answer.status_code == 422 and "not UTF-8" in answer.content.decode()
    large = SimpleUploadedFile("policy.yaml", b"x" * 1_000_001, "text/yaml")
    assert ada.post(f"{HERE}drafts/{draft.pk}/", {"text": "", "file": large}).status_code == 422
    draft.refresh_from_db()
    assert draft.text == SHORTER


def test_an_instant_is_typed_in_the_zone_of_the_desk_and_lies_ahead(cast: Cast, ada: Client) -> None:
    draft = drafted(cast)
    address = f"{HERE}drafts/{draft.pk}/effect/"
    # Summer time begins on 29 March.
    ada.post(address, {"mode": "pin", "effective": "2026-03-30T09:00", "remark": ""})
    draft.refresh_from_db()
    assert draft.effective_from == utc("2026-03-30 08:00")
    text = page(ada.get(address))
    assert 'value="2026-03-30T09:00"' in text and "Mon 30 Mar 09:00" in words(text)
    for typed, why in (("2026-03-20T16:29", "has passed"), ("soon", "no date and time")):
        answer = ada.post(address, {"mode": "pin", "effective": typed, "remark": ""}, follow=True)
        assert why in page(answer)
    assert "becomes of the open tickets" in page(ada.post(address, {"mode": "all"}, follow=True))
    draft.refresh_from_db()
    assert draft.effective_from == utc("2026-03-30 08:00")
    ada.post(f"{HERE}drafts/{draft.pk}/publish/", form_of(page(ada.get(address))))
    version = PolicyVersion.objects.get(number=2)
    assert version.effective_from == utc("2026-03-30 08:00")
    assert "To come" in page(ada.get(HERE))


def test_what_was_looked_at_is_what_is_published(cast: Cast, ada: Client) -> None:
    draft = drafted(cast)
    address = f"{HERE}drafts/{draft.pk}/"
    form = form_of(page(ada.get(f"{address}effect/")))
    ada.post(address, {"text": SCHOOL.replace("16 working hours", "17 working hours")})
    ada.get(f"{address}effect/")
    answer = ada.post(f"{address}publish/", form, follow=True)
    assert "not what was looked at" in page(answer)
    publish_policy(cast.desk, SHORTER, now=NOW, by="somebody else")
    form = form_of(page(ada.get(f"{address}effect/")))
    assert "Something was published since you looked" in words(page(ada.get(f"{address}effect/")))
    assert "Version 2 was published meanwhile" in page(ada.post(f"{address}publish/", form, follow=True))
    ada.post(f"{address}effect/", form | {"look": "1"})
    ada.post(f"{address}publish/", form_of(page(ada.get(f"{address}effect/"))))
    assert PolicyVersion.objects.get(number=3).source.count("17 working hours")


def test_tickets_that_moved_on_since_are_told_in_figures(cast: Cast, ada: Client) -> None:
    first, _second = cast.writes("2026-03-20 09:00"), cast.writes("2026-03-20 09:30")
    draft = drafted(cast, mode=Mode.carry.value)
    address = f"{HERE}drafts/{draft.pk}/"
    form = form_of(page(ada.get(f"{address}effect/")))
    actions.reply(first.pk, cast.bob, "Solved.", at("2026-03-20 16:20"), status="resolved")
    answer = words(page(ada.post(f"{address}publish/", form, follow=True)))
    assert "1 open ticket follows it: 1 due times earlier, 0 later, 0 newly breached." in answer
    assert "Tickets have moved on since you looked: it was 2, 0 and 0." in answer


def test_a_version_that_would_lose_what_is_in_use_is_not_offered(cast: Cast, ada: Client) -> None:
    ticket = cast.writes("2026-03-20 09:00")
    actions.set_status(ticket.pk, cast.bob, "pending_action", at("2026-03-20 09:30"))
    start, end = SCHOOL.index("  - id: pending_action"), SCHOOL.index("  - id: waiting_on_customer")
    draft = drafted(cast, SCHOOL[:start] + SCHOOL[end:], mode=Mode.carry.value)
    text = words(page(ada.get(f"{HERE}drafts/{draft.pk}/effect/")))
    assert "no status “Pending Action” (open tickets in it: 1)" in text
    assert "Publish as version 2" in text and "It cannot be published like this." in text
    form = form_of(page(ada.get(f"{HERE}drafts/{draft.pk}/effect/")))
    answer = ada.post(f"{HERE}drafts/{draft.pk}/publish/", form, follow=True)
    assert "cannot take open tickets over" in page(answer)
    assert PolicyVersion.objects.count() == 1


# The list of moves.


def test_moves_come_in_pages_the_largest_first_and_by_kind(
    cast: Cast, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upheld.web.agent.policy.moves.PAGE", 2)
    tickets = [cast.writes(f"2026-03-20 0{hour}:00") for hour in (8, 9)]
    tickets += [cast.writes("2026-03-20 09:00", priority="high")]
    longer = SHORTER.replace("within: 16 working hours", "within: 20 working hours")
    draft = drafted(cast, longer, mode=Mode.carry.value)
    address = f"{HERE}drafts/{draft.pk}/effect/"
    first = page(ada.get(address))
    assert "Page 1 of 2" in first and "Due later <span" in first
    order = re.findall(r'class="number" href="/tickets/([A-Z0-9-]+)/"', first)
    order += re.findall(r'class="number" href="/tickets/([A-Z0-9-]+)/"', page(ada.get(f"{address}?page=2")))
    listed = csv.DictReader(io.StringIO(ada.get(f"{address[:-1]}/carry.csv").getvalue().decode()))
    rows = list(listed)
    assert [row["ticket"] for row in rows] == order
    sizes = [abs(int(row["moved by (seconds)"])) for row in rows]
    assert sizes == sorted(sizes, reverse=True) and len(sizes) >= 3
    only = page(ada.get(f"{address}?change=later"))
    assert "Due earlier" not in words(
        re.search(r"<tbody>.*?</tbody>", only[only.index('id="moves"') :], re.S)[0]
    )  # type: ignore[index]
    for odd in ("?page=0", "?page=99999999999", "?page=x", "?change=nothing", "?change=%00"):
        assert ada.get(address + odd).status_code == 200, odd
    assert ada.get(f"{address}pin.csv").status_code == 404


def test_a_desk_with_too_many_open_tickets_is_sent_to_the_command(
    cast: Cast, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upheld.web.agent.policy.seen.MOST_TICKETS", 0)
    cast.writes("2026-03-20 09:00")
    draft = drafted(cast, mode=Mode.carry.value)
    text = page(ada.get(f"{HERE}drafts/{draft.pk}/effect/"))
    assert "upheld policy publish FILE --desk school-devices --preview" in text


# Closed days, and going back.


def test_a_closed_day_is_added_seen_and_published(cast: Cast, ada: Client) -> None:
    ticket = cast.writes("2026-03-20 09:00")
    publish_policy(cast.desk, SCHOOL, now=NOW - timedelta(hours=1), by="Ada")
    assert "A closed day" in page(ada.get(f"{HERE}closed-day/"))
    answer = ada.post(
        f"{HERE}closed-day/", {"do": "close", "day": "2026-03-23", "name": "Day of  mourning"}, follow=True
    )
    text = page(answer)
    assert form_of(text)["mode"] == "carry"
    assert form_of(text)["remark"] == "Closed on Mon 23 March 2026: Day of mourning"
    assert "2026-03-23: &quot;Day of mourning&quot;" in text
    row = words(re.search(r'<tr data-state="running">.*?</tr>', text, re.S)[0])  # type: ignore[index]
    assert ticket.number in row and "Due later" in row
    assert re.search(r"Mon 23 March.*?Day of mourning", words(text))
    draft = PolicyDraft.objects.get()
    ada.post(f"{HERE}drafts/{draft.pk}/publish/", form_of(text))
    assert PolicyVersion.objects.get(number=3).mode == "carry"
    opened = {"do": "open", "day": "2026-03-23", "name": ""}
    assert "Open on Mon 23 March 2026" in page(ada.post(f"{HERE}closed-day/", opened, follow=True))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"do": "close", "day": "2026-03-21", "name": "x"}, "is closed on 2026-03-21 already"),
        ({"do": "close", "day": "2026-03-24", "name": " "}, "needs a name"),
        ({"do": "close", "day": "someday", "name": "x"}, "Choose a date"),
        ({"do": "open", "day": "2026-03-24", "name": ""}, "is not closed on 2026-03-24"),
    ],
)
def test_a_day_that_changes_nothing_is_refused_and_stays_typed(
    ada: Client, typed: dict[str, str], why: str
) -> None:
    answer = ada.post(f"{HERE}closed-day/", typed)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert f'value="{typed["day"]}"' in answer.content.decode()
    assert not PolicyDraft.objects.exists()


def test_a_former_version_is_published_again(cast: Cast, ada: Client) -> None:
    publish_policy(cast.desk, SHORTER, now=NOW - timedelta(hours=1), by="Ada")
    answer = ada.post(f"{HERE}versions/1/again/", follow=True)
    text = page(answer)
    assert form_of(text)["remark"] == "Version 1 again"
    draft = PolicyDraft.objects.get()
    ada.post(f"{HERE}drafts/{draft.pk}/publish/", form_of(text))
    back = PolicyVersion.objects.get(number=3)
    assert back.source == PolicyVersion.objects.get(number=1).source
    assert "Version 1 again" in page(ada.get(HERE))


def test_a_version_to_come_is_withdrawn_and_one_in_force_is_not(cast: Cast, ada: Client) -> None:
    to_come(cast)
    answer = ada.post(f"{HERE}versions/2/withdraw/", follow=True)
    assert "Version 2 is withdrawn." in page(answer)
    assert "withdrawn today 16:30 by Ada Okafor" in words(page(answer))
    assert AuditEntry.objects.filter(action="policy withdrawn", data__version=2).exists()
    assert "has taken effect" in page(ada.post(f"{HERE}versions/1/withdraw/", follow=True))


def test_a_version_tells_who_published_it_and_what_it_changed(cast: Cast, bob: Client) -> None:
    publish_policy(cast.desk, SHORTER, now=NOW - timedelta(hours=1), by="Ada Okafor <ada@desk.example.com>")
    text = page(bob.get(f"{HERE}versions/2/"))
    told = words(text)
    assert "What changed from version 1" in told and "by Ada Okafor &lt;ada@desk.example.com&gt;" in told
    assert 'data-kind="removed"' in text and "within: 24 working hours" in text
    assert re.search(r"help desk [0-9]+ closed days to come", told)
    assert bob.get(f"{HERE}versions/9/").status_code == 404
    file = bob.get(f"{HERE}versions/2/source.yaml")
    assert file.content.decode() == SHORTER
    assert file["Content-Disposition"] == 'attachment; filename="school-devices-2.yaml"'


def test_newer_zone_data_is_told_to_administrators(
    cast: Cast, ada: Client, bob: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "time zones" not in page(ada.get(HERE))
    monkeypatch.setattr("upheld.web.agent.policy.versions.installed_zone_data", lambda: "2031.1")
    assert "Data about time zones of 2031.1 is installed" in words(page(ada.get(HERE)))
    assert "time zones" not in page(bob.get(HERE))


def test_a_draft_is_thrown_away(cast: Cast, ada: Client) -> None:
    draft = drafted(cast)
    assert "Nothing was published" in page(ada.post(f"{HERE}drafts/{draft.pk}/discard/", follow=True))
    assert not PolicyDraft.objects.exists()


def test_a_desk_without_a_policy_can_be_given_one(cast: Cast, ada: Client) -> None:
    empty = Desk.objects.create(
        slug="empty", name="Empty", number_prefix="EMP", zone="Europe/Paris", created_at=NOW
    )
    add_agent(empty, address=cast.ada.address, name="Ada", role=Role.administrator, by="tests", now=NOW)
    assert "No policy is in force" in page(ada.get("/policy/empty/"))
    ada.post("/policy/empty/change/")
    draft = PolicyDraft.objects.get(desk=empty)
    assert "Nothing here yet" in page(ada.get(f"/policy/empty/drafts/{draft.pk}/"))
    ada.post(f"/policy/empty/drafts/{draft.pk}/", {"text": SCHOOL})
    effect = f"/policy/empty/drafts/{draft.pk}/effect/"
    ada.post(f"/policy/empty/drafts/{draft.pk}/publish/", form_of(page(ada.get(effect))))
    assert empty.policy_versions.get().number == 1


def test_the_pages_of_a_ticket_whose_clock_counts_on_a_calendar_that_is_no_more(
    cast: Cast, bob: Client
) -> None:
    ticket = cast.writes("2026-03-20 09:00")
    text = SCHOOL.replace("\n  help desk:\n", "\n  opening hours:\n")
    for before, after in (("24 working", "30 elapsed"), ("80 working", "90 elapsed")):
        text = text.replace(f"within: {before} hours", f"within: {after} hours")
    wanted = Publication(desk=cast.desk, text=text, mode=Mode.carry)
    publish(wanted, now=NOW - timedelta(minutes=5), by="Ada")
    for _settled in range(2):
        shown = words(page(bob.get(f"/tickets/{ticket.number}/")))
        assert "16 h 30 min of working time left" in shown, shown
        assert ticket.number in page(bob.get("/tickets/"))
        sweep(NOW)
    ticket.refresh_from_db()
    assert ticket.later_version_id is not None
    participant = ticket.participants.get()
    viewed = Client().get(f"/r/{link_token(participant)}/", follow=True)
    assert "24 March" in words(page(viewed))


# Words of others, and odd requests.


def test_hostile_words_are_words(cast: Cast, ada: Client) -> None:
    cast.desk.name = HOSTILE
    cast.desk.save()
    hostile = SHORTER.replace(
        "title: How we support school devices", f"title: {json.dumps(HOSTILE)}"
    ).replace("\n  help desk:\n", "\n  '<b>desk</b>':\n")
    draft = drafted(cast, hostile, remark=HOSTILE)
    address = f"{HERE}drafts/{draft.pk}/"
    pages = [page(ada.get(each)) for each in (HERE, address, f"{address}effect/")]
    form = form_of(pages[2]) | {"remark": HOSTILE}
    pages.append(page(ada.post(f"{address}publish/", form, follow=True)))
    pages.append(page(ada.get(f"{HERE}versions/2/")))
    assert PolicyVersion.objects.get(number=2).remark == HOSTILE
    for text in pages:
        assert "<script>alert" not in text and "<img src=x" not in text and "<b>desk</b>" not in text


def test_no_page_asks_more_for_more_versions_or_drafts(
    cast: Cast, ada: Client, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(6):
        publish_policy(cast.desk, f"{SCHOOL}# {number}\n", now=NOW - timedelta(hours=number), by="Ada")
        publish_policy(cast.desk, f"{SHORTER}# {number}\n", now=NOW - timedelta(hours=number), by="Ada")
        drafted(cast)
    ada.get(HERE)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        ada.get(HERE)


def test_the_page_is_kept_by_nobody(cast: Cast, ada: Client) -> None:
    assert ada.get(HERE)["Cache-Control"] == "no-store"
    assert enter(cast.ada.user, enforce_csrf_checks=True).post(f"{HERE}change/").status_code == 403
    draft = drafted(cast)
    careful = enter(cast.ada.user, enforce_csrf_checks=True)
    assert careful.post(f"{HERE}drafts/{draft.pk}/", {"text": "x"}).status_code == 403
    assert Ticket.objects.count() == 0
