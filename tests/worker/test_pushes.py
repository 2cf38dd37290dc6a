"""What leaves to agents' own addresses: only to fixed services, once, together, and without a word in the logs."""

import logging
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
import requests

from harness.cast import Cast, at, utc
from upheld.desks import secrets
from upheld.desks.models import AuditEntry, Secret
from upheld.notices.actions import try_alert_address
from upheld.notices.models import Alert, Notice, Push
from upheld.people.actions import add_alert_address, remove_alert_address, turn_alert_address
from upheld.people.models import AlertAddress
from upheld.people.staff import StaffRefused
from upheld.rules.alert_addresses import SERVICES, AddressRefused, read_address
from upheld.tickets.actions import assign, reply, restrict_ticket
from upheld.worker import pushes
from upheld.worker.health import Check, checks
from upheld.worker.pushes import PushFailed, deliver, push_next

NOW = utc("2026-03-20 10:00")
KEY = "geheim4711"
# One address of each service, as its documentation writes them; no key of them opens anything.
EXAMPLES = {
    "discord": f"discord://4174216298/{KEY}7bk2ZwO5U711o3dV_js",
    "gchat": f"gchat://AAAAAAAAAAA/{KEY}-key/{KEY}-token",
    "join": f"join://{'a' * 32}/group.all",
    "msgbird": f"msgbird://{KEY}ABCDEFGHIJKLMNO/15551234567/15557654321",
    "ntfy": f"ntfy://{KEY}",
    "opsgenie": "opsgenie://0b0fd5e5-1ed8-4ae4-a1a1-a1a1a1a1a1a1",
    "pagerduty": f"pagerduty://{KEY}aaaaaaaaaaaaaaaaaaaaaa@{KEY}bbbbbbbbbb",
    "pbul": f"pbul://{KEY}{'a' * 24}",
    "pover": f"pover://{'u' * 30}@{'t' * 30}",
    "prowl": f"prowl://{'a' * 40}",
    "signl4": f"signl4://{KEY}",
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    "tgram": f"tgram://123456789:{KEY}_abcdefghijklmnopqrstuvwx/12315544",
    "threema": f"threema://*THEGWID@{KEY}/15551234567",
    "twilio": f"twilio://AC{'a' * 32}:{'b' * 32}@15551234567/15557654321",
    "vonage": f"vonage://{KEY[:8]}:{'b' * 16}@15551234567/15557654321",
    "wxteams": f"wxteams://{'a' * 80}",
}


class Outside:
    """Every request that would leave, instead of the network."""

    def __init__(self) -> None:
        self.requests: list[requests.PreparedRequest] = []
        self.careless: list[dict[str, object]] = []
        self.status = 200

    def send(
        self, session: requests.Session, request: requests.PreparedRequest, **how: object
    ) -> requests.Response:
        self.requests.append(request)
        patience: tuple[float, float] = how["timeout"]  # type: ignore[assignment]
        if how["allow_redirects"] or not how["verify"] or max(patience) > 10:
            self.careless.append(how)
        answer = requests.Response()
        answer.status_code, answer.url, answer.request = self.status, str(request.url), request
        answer._content = b'{"ok": true, "status": "success", "code": 0, "result": [], "event": "x"}'
        return answer

    @property
    def hosts(self) -> set[str]:
        return {str(each.url).split("/")[2] for each in self.requests}

    @property
    def texts(self) -> list[str]:
        return [
            body.decode() if isinstance(body := each.body or b"", bytes) else str(body)
            for each in self.requests
        ]


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    made = Outside()
    monkeypatch.setattr(
        requests.Session, "send", lambda session, request, **how: made.send(session, request, **how)
    )
    return made


def alerted(cast: Cast, minute: int = 0) -> Alert:
    """Bob is told of a ticket."""
    when = NOW + timedelta(minutes=minute)
    ticket = cast.writes(f"{when:%Y-%m-%d %H:%M}")
    assign(ticket.pk, cast.lena, cast.bob, at(f"{when:%Y-%m-%d %H:%M}"))
    return Alert.objects.get(ticket_id=ticket.pk, kind="assigned")


@pytest.fixture
def phone(cast: Cast) -> AlertAddress:
    return add_alert_address(cast.bob, label="My phone", address=EXAMPLES["ntfy"], now=NOW)


@pytest.mark.parametrize("scheme", sorted(SERVICES))
def test_whatever_the_address_says_a_service_s_requests_go_to_its_own_servers(
    outside: Outside, scheme: str
) -> None:
    # Whether they like the answer is theirs to say; here it counts whom they ask.
    with suppress(PushFailed):
        deliver(EXAMPLES[scheme], "Something is due.")
    assert outside.hosts and outside.hosts <= SERVICES[scheme][1]
    assert outside.careless == []
    assert all(str(each.url).startswith("https://") for each in outside.requests)


@pytest.mark.parametrize("scheme", sorted(SERVICES))
@pytest.mark.parametrize(
    "hostile",
    [
        "{0}://10.0.0.1/{1}",
        "{0}://127.0.0.1:5432/",
        "{0}://inner.example.com:8080/{1}/{1}/{1}",
        "{0}://user:pass@169.254.169.254/latest/meta-data",
        "{0}://a@inner.example.com/b/c#d",
        "{0}://%5B::1%5D/{1}",
    ],
)
def test_no_form_of_an_address_leads_anywhere_else(outside: Outside, scheme: str, hostile: str) -> None:
    with suppress(PushFailed):
        deliver(hostile.format(scheme, "a" * 32), "Something is due.")
    assert outside.hosts <= SERVICES[scheme][1]
    assert outside.careless == []


def test_every_other_scheme_that_apprise_knows_is_refused(outside: Outside) -> None:
    import apprise

    known = {
        scheme
        for service in apprise.Apprise().details()["schemas"]
        for scheme in (*(service["protocols"] or ()), *(service["secure_protocols"] or ()))
    }
    assert set(SERVICES) <= known
    assert len(known) > 100
    for scheme in known - set(SERVICES):
        with pytest.raises(AddressRefused):
            read_address(f"{scheme}://inner.example.com/a/b/c")
        with pytest.raises(PushFailed):
            deliver(f"{scheme}://inner.example.com/a/b/c", "Something is due.")
    assert outside.requests == []


def test_an_alert_reaches_the_phone_once(cast: Cast, phone: AlertAddress, outside: Outside) -> None:
    alert = alerted(cast)
    assert push_next(NOW)
    assert not push_next(NOW)
    [said] = outside.texts
    assert alert.ticket_number in said
    assert "Laptop will not start" in said
    push = Push.objects.get()
    assert (push.state, push.sent_at, push.attempts) == ("sent", NOW, 1)


def test_of_a_restricted_ticket_a_push_says_the_number_only(
    cast: Cast, phone: AlertAddress, outside: Outside
) -> None:
    alert = alerted(cast)
    restrict_ticket(alert.ticket_id, cast.bob, "A pupil is named.", at("2026-03-20 10:00"))
    assert push_next(NOW)
    said = outside.texts[0]
    assert alert.ticket_number in said
    assert "Laptop" not in said and "Amina" not in said


def test_whoever_may_not_read_the_ticket_any_more_gets_no_push(
    cast: Cast, phone: AlertAddress, outside: Outside
) -> None:
    cast.reads_what_is_restricted(cast.lena)
    alert = alerted(cast)
    restrict_ticket(alert.ticket_id, cast.lena, "A pupil is named.", at("2026-03-20 10:00"))
    Push.objects.filter(alert=alert).update(next_try_at=NOW)
    while push_next(NOW):
        pass
    assert outside.requests == []
    assert Push.objects.get(alert=alert).state == "left_out"


def test_many_alerts_are_one_push_and_then_a_minute_of_rest(
    cast: Cast, phone: AlertAddress, outside: Outside
) -> None:
    for _ in range(4):
        alerted(cast)
    assert push_next(NOW)
    assert not push_next(NOW)
    assert len(outside.requests) == 1
    assert "4 alerts" in outside.texts[0]
    assert set(Push.objects.values_list("state", "sent_at")) == {("sent", NOW)}
    alerted(cast)
    while push_next(NOW + timedelta(seconds=59)):
        pass
    assert len(outside.requests) == 1
    assert push_next(NOW + timedelta(seconds=60))
    assert len(outside.requests) == 2


def test_what_is_over_before_it_leaves_is_left_out(cast: Cast, phone: AlertAddress, outside: Outside) -> None:
    alert = alerted(cast)
    Alert.objects.filter(pk=alert.pk).update(kind="warning", data={"metric": "first_response", "cycle": 1})
    reply(alert.ticket_id, cast.bob, "Try this.", at("2026-03-20 10:05"))
    push_next(NOW + timedelta(minutes=6))
    push = Push.objects.get()
    assert (push.state, push.last_error) == ("left_out", "Left out: it was answered meanwhile.")
    assert outside.requests == []


def test_a_service_that_does_not_take_it_is_asked_again_later_and_the_agent_sees_why(
    cast: Cast, phone: AlertAddress, outside: Outside
) -> None:
    alerted(cast)
    outside.status = 500
    assert push_next(NOW)
    push = Push.objects.get()
    assert (push.state, push.attempts) == ("waiting", 1)
    assert push.next_try_at > NOW
    phone.refresh_from_db()
    assert "ntfy did not take it" in phone.last_error
    outside.status = 200
    assert not push_next(NOW)
    assert push_next(push.next_try_at)
    phone.refresh_from_db()
    assert (Push.objects.get().state, phone.last_error) == ("sent", "")


def test_an_address_that_hangs_holds_up_no_other(
    cast: Cast, phone: AlertAddress, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_alert_address(cast.bob, label="Chat", address=EXAMPLES["signl4"], now=NOW)
    alerted(cast)
    alerted(cast)
    real = pushes.deliver

    def hangs(address: str, text: str) -> None:
        if address.startswith("ntfy"):
            raise PushFailed("ntfy: ReadTimeout")
        real(address, text)

    monkeypatch.setattr(pushes, "deliver", hangs)
    while push_next(NOW):
        pass
    by_address = dict(Push.objects.values_list("address__label", "state"))
    assert by_address == {"My phone": "waiting", "Chat": "sent"}


def test_an_address_is_sealed_and_shown_by_its_scheme_only(cast: Cast, phone: AlertAddress) -> None:
    assert phone.scheme == "ntfy"
    assert secrets.unseal(phone.secret_name) == EXAMPLES["ntfy"]
    assert KEY.encode() not in bytes(Secret.objects.get(name=phone.secret_name).sealed)
    entry = AuditEntry.objects.get(action="alert address added")
    assert KEY not in str(entry.data) and entry.data["service"] == "ntfy"
    remove_alert_address(cast.bob, phone.pk, now=NOW)
    assert not Secret.objects.filter(name=phone.secret_name).exists()
    assert not AlertAddress.objects.exists()


def test_no_log_holds_an_address(
    outside: Outside, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    loggers = [logging.getLogger(name) for name in ("apprise", "urllib3", "requests")]
    before = [each.level for each in loggers]
    try:
        with caplog.at_level(logging.DEBUG):
            deliver(EXAMPLES["tgram"], "Something is due.")
            outside.status = 500
            with pytest.raises(PushFailed) as failed:
                deliver(EXAMPLES["tgram"], "Something is due.")
            with pytest.raises(PushFailed) as unreadable:
                deliver(f"tgram://{KEY}", "Something is due.")
    finally:
        for each, level in zip(loggers, before, strict=True):
            each.setLevel(level)
    said = "".join((caplog.text, *capsys.readouterr(), str(failed.value), str(unreadable.value)))
    assert KEY not in said


def test_a_test_is_sent_at_once_and_not_for_ever(cast: Cast, phone: AlertAddress, outside: Outside) -> None:
    for _ in range(5):
        try_alert_address(cast.bob, phone.pk, NOW)
    with pytest.raises(StaffRefused):
        try_alert_address(cast.bob, phone.pk, NOW)
    with pytest.raises(StaffRefused):
        try_alert_address(cast.lena, phone.pk, NOW)
    assert push_next(NOW)
    assert "This is a test of" in outside.texts[0] and "My phone" in outside.texts[0]
    assert len(outside.requests) == 1


def test_an_address_that_was_turned_off_is_told_nothing(
    cast: Cast, phone: AlertAddress, outside: Outside
) -> None:
    alerted(cast)
    turn_alert_address(cast.bob, phone.pk, on=False)
    assert push_next(NOW)
    assert outside.requests == []
    alerted(cast, minute=1)
    assert Push.objects.count() == 1


def test_in_a_demo_nothing_leaves_and_the_text_is_kept(
    cast: Cast, phone: AlertAddress, outside: Outside, settings
) -> None:
    settings.DEMO = True
    alert = alerted(cast)
    assert push_next(NOW)
    assert outside.requests == []
    push = Push.objects.get()
    assert push.state == "sent" and alert.ticket_number in push.text


def test_what_waits_for_somebodys_hours_is_not_late(cast: Cast) -> None:
    alerted(cast)
    morning = NOW + timedelta(days=2)
    Notice.objects.filter(kind="assigned").update(next_try_at=morning)
    Notice.objects.exclude(kind="assigned").update(state="sent", sent_at=NOW)

    def look(now: datetime) -> Check:
        return next(each for each in checks(now) if each.name == "notices to send")

    assert look(morning - timedelta(hours=1)).ok
    assert look(morning + timedelta(minutes=14)).ok
    assert not look(morning + timedelta(minutes=16)).ok
