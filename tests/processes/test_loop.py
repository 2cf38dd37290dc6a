"""The whole loop with the real processes: a mail comes in by SMTP, an agent answers in a browser, the customer answers
the answer, and a promise that nobody kept is told as broken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from mail_program import File, MailProgram
from outbox_pages import Outbox, SentMail
from playwright.sync_api import Browser, Page, expect

from drill.waiting import wait_for
from harness.desk import RunningDesk
from upheld.policy import load, pack

pytestmark = pytest.mark.processes

SUPPORT = "support@devices.example.com"
LEAD = "tomasz@devices.example.com"
LONDON = ZoneInfo("Europe/London")
PICTURE = File("screen photo.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
HOURS = load(pack("school-devices")).calendars["help desk"]

Rows = psycopg.Cursor[dict[str, Any]]
NewPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Makes a page of a profile of its own, in which nobody is signed in."""
    with ExitStack() as profiles:

        def make(*, scripts: bool = True) -> Page:
            context = browser.new_context(
                java_script_enabled=scripts, viewport={"width": 1280, "height": 900}
            )
            profiles.callback(context.close)
            context.set_default_timeout(15_000)
            return context.new_page()

        yield make


def test_a_request_from_the_first_mail_to_the_customers_answer(
    running_desk: RunningDesk, outbox: Outbox, rows: Rows, new_page: NewPage
) -> None:
    noor = MailProgram("Noor Haddad", "noor@loop.example.org", running_desk.smtp_port)
    first_mail = noor.write(
        SUPPORT,
        "Laptop shows a black screen",
        "It beeps three times, then nothing.\n\nNoor",
        html="<p>It beeps <b>three</b> times, then nothing.</p><p>Noor</p>",
        files=(PICTURE,),
    )

    # The acknowledgement names number and promise, and is the first answer in the customer's thread.
    acknowledgement = outbox.wait_for_mail(noor.address, "acknowledgement")
    number = acknowledgement.number
    rows.execute("select id, received_at from tickets_ticket where number = %s", [number])
    ticket = rows.fetchone()
    assert ticket is not None
    response_due = HOURS.add(ticket["received_at"], timedelta(hours=24))
    assert f"Its number is {number}." in acknowledgement.text
    assert f"You will hear from a person by {in_london(response_due)}" in acknowledgement.text
    assert "(London time, GMT" in acknowledgement.text
    assert re.fullmatch(r"support\+[1-9]\d*-1-[a-z2-7]{16}@devices\.example\.com", acknowledgement.reply_to)
    assert acknowledgement.link.startswith(f"{running_desk.url}/r/")
    assert acknowledgement.header("In-Reply-To") == first_mail["Message-ID"]
    assert acknowledgement.header("References") == first_mail["Message-ID"]
    assert acknowledgement.header("Auto-Submitted") == "auto-replied"

    # The agent comes in by the link of the terminal, finds the ticket, and sees what was promised and why.
    agent = sign_in(new_page, running_desk, "agent")
    agent.get_by_label("Search by number").fill(number)
    row = agent.get_by_role("row").filter(has_text=number)
    expect(agent.get_by_role("row")).to_have_count(2)
    expect(row).to_contain_text("Noor Haddad")
    row.get_by_role("link", name="Laptop shows a black screen").click()
    expect(agent.get_by_role("heading", level=1)).to_have_text("Laptop shows a black screen")
    assert due_on_page(agent, "first_response") == response_due
    assert due_on_page(agent, "resolution") == HOURS.add(ticket["received_at"], timedelta(hours=80))
    open_ledger(agent, "first_response")
    ledger = agent.locator("#clock-first_response-1").get_by_role("table", name="Ledger of First response")
    expect(ledger).to_be_visible()
    assert ledger_lines(agent, "first_response")[0]["start"] == ticket["received_at"]
    address = agent.locator(".thread a[download]").get_attribute("href")
    assert agent.request.get(f"{running_desk.url}{address}").body() == PICTURE.content

    # Reply and status are one step.
    agent.get_by_label("To Noor Haddad").fill("Hold the **power key** for ten seconds. Does it start?")
    agent.get_by_label("Status after the reply").select_option(label="and set Waiting on Customer")
    agent.get_by_role("button", name="Send reply").click()
    # It was the only one of its list, and a list of one number is that ticket.
    expect(agent).to_have_url(f"{running_desk.url}/tickets/{number}/")
    expect(agent.locator(".thread .message").last).to_contain_text("Hold the power key")
    expect(agent.locator("#ticket-head .crumbs")).to_contain_text("Waiting on Customer")
    expect(agent.locator("#clock-first_response-1")).to_have_attribute("data-state", "met")
    expect(agent.locator("#clock-resolution-1")).to_have_attribute("data-state", "paused")

    reply = outbox.wait_for_mail(noor.address, "reply")
    check_thread(reply, first_mail["Message-ID"], acknowledgement)
    assert "Hold the **power key** for ten seconds." in reply.text
    assert "<strong>power key</strong>" in reply.html
    assert "Awaiting your reply" in reply.text
    assert "Amira Hassan" in reply.text
    assert reply.link == acknowledgement.link

    # Noor opens the link of the mail: nobody is signed in, and the clock is told as stopped, with the reason.
    customer = new_page()
    customer.goto(reply.link)
    expect(
        customer.get_by_text("The clock is stopped because we are waiting for your answer.")
    ).to_be_visible()
    expect(customer.locator(".standing .status")).to_have_text("Awaiting your reply")
    expect(customer.locator("#why")).to_contain_text(
        re.compile(r"It has stood still since .+: Awaiting your reply")
    )

    # Noor answers by mail, to the address that the reply asked for.
    noor.answer(reply, "It starts again, but the fan is loud.")
    wait_for("the answer on the ticket", lambda: status_of(rows, number) == "open")
    agent.reload()
    answer = agent.locator(".thread .message").last
    expect(answer).to_contain_text("It starts again, but the fan is loud.")
    expect(answer.locator(".text").first).not_to_contain_text("wrote:")
    expect(answer.locator("details.quoted")).to_have_count(1)
    expect(agent.locator("#ticket-head .crumbs")).to_contain_text("Open")
    expect(agent.locator("#clock-resolution-1")).to_have_attribute(
        "data-state", re.compile("running|closed-hours")
    )
    expect(agent.locator("#side")).to_contain_text("Timer on")

    # The pause in the ledger lies exactly between the press of Send and the receipt of the answer.
    rows.execute("select kind, at from tickets_message where ticket_id = %s order by at", [ticket["id"]])
    _, replied, answered = rows.fetchall()
    pauses = [line for line in ledger_lines(agent, "resolution") if line["kind"] == "paused"]
    assert [(line["start"], line["end"]) for line in pauses] == [(replied["at"], answered["at"])]
    customer.reload()
    expect(customer.locator(".timer")).to_contain_text("The clock is on")
    rows.execute(
        "select count(*) from tickets_ticket where subject like '%%black screen%%' and id >= %s",
        [ticket["id"]],
    )
    assert rows.fetchone() == {"count": 1}


def test_agent_and_customer_need_no_javascript(
    running_desk: RunningDesk, outbox: Outbox, rows: Rows, new_page: NewPage
) -> None:
    ines = MailProgram("Inés Castro", "ines@loop.example.org", running_desk.smtp_port)
    ines.write(SUPPORT, "No sound", "The loudspeaker is silent.")
    acknowledgement = outbox.wait_for_mail(ines.address, "acknowledgement")

    agent = sign_in(new_page, running_desk, "agent", scripts=False)
    agent.get_by_label("Search by number").fill(acknowledgement.number)
    agent.get_by_role("button", name="Show").click()
    agent.get_by_label("To Inés Castro").fill("Is the mute key on?")
    agent.get_by_label("Status after the reply").select_option(label="and set Waiting on Customer")
    agent.get_by_role("button", name="Send reply").click()
    expect(agent.locator(".thread .message").last).to_contain_text("Is the mute key on?")
    expect(agent.locator("#ticket-head .crumbs")).to_contain_text("Waiting on Customer")

    customer = new_page(scripts=False)
    customer.goto(outbox.wait_for_mail(ines.address, "reply").link)
    expect(customer.locator(".turn").last).to_contain_text("Is the mute key on?")
    customer.get_by_label("Your reply").fill("It was. Now I hear it.")
    customer.get_by_role("button", name="Send the reply").click()
    expect(customer.locator(".turn").last).to_contain_text("It was. Now I hear it.")
    assert status_of(rows, acknowledgement.number) == "open"


def test_a_promise_that_nobody_kept_is_told_as_broken(
    running_desk: RunningDesk, outbox: Outbox, rows: Rows, new_page: NewPage, unanswered: str
) -> None:
    number = outbox.wait_for_mail(unanswered, "acknowledgement").number
    told = outbox_of_breach(outbox, number)

    rows.execute(
        "select e.at, t.received_at, e.data from tickets_storyevent e join tickets_ticket t on t.id = e.ticket_id"
        " where t.number = %s and e.consequence_key = 'breached:first_response:1'",
        [number],
    )
    (breach,) = rows.fetchall()
    assert breach["at"] == breach["received_at"] + timedelta(minutes=1)
    assert f"First response of {number} is overdue: it was due by {in_london(breach['at'])}" in told.text

    lead = sign_in(new_page, running_desk, "lead")
    row = lead.get_by_role("row").filter(has_text=number)
    expect(row).to_have_attribute("data-state", "breached")
    expect(row).to_contain_text("Overdue by")
    expect(row).to_contain_text("First response")

    # It was told once, to the lead alone, and the worker's further looks changed nothing.
    rows.execute(
        "select to_address, state from notices_notice where ticket_number = %s and kind = 'breach'"
        " and data->>'metric' = 'first_response'",
        [number],
    )
    assert rows.fetchall() == [{"to_address": LEAD, "state": "sent"}]


def sign_in(new_page: NewPage, desk: RunningDesk, person: str, *, scripts: bool = True) -> Page:
    """The page of somebody who followed the demo's link from the terminal."""
    found = wait_for("the demo's links", lambda: re.search(rf"\S+/demo/enter/{person}/\w+/", desk.log()))
    page = new_page(scripts=scripts)
    page.goto(found[0])
    expect(page).to_have_url(f"{desk.url}/tickets/")
    return page


def check_thread(reply: SentMail, first_id: str, acknowledgement: SentMail) -> None:
    """The customer's mail program puts the reply where it belongs, and its answer finds the ticket."""
    assert reply.header("References").split() == [first_id, acknowledgement.header("Message-ID")]
    assert reply.header("In-Reply-To") == reply.header("References").split()[-1]
    # The acknowledgement repeats no word of somebody who has proved nothing; the reply carries the subject.
    assert acknowledgement.subject == f"[{reply.number}] We received your request"
    assert reply.subject.startswith(f"Re: [{reply.number}] ")
    assert reply.reply_to == acknowledgement.reply_to
    assert reply.header("Message-ID") != acknowledgement.header("Message-ID")


def outbox_of_breach(outbox: Outbox, number: str) -> SentMail:
    """The mail to the lead about the broken promise; its minute began with the stories about threads."""

    def look() -> SentMail | None:
        mails = [mail for mail in outbox.mails_to(LEAD, "breach") if number in mail.subject]
        return next((mail for mail in mails if "First response" in mail.text), None)

    return wait_for("the breach's notice", look, patience=75.0)


def due_on_page(page: Page, metric: str) -> datetime:
    """The due instant that a clock's card shows, as machines read it."""
    text = page.locator(f"#clock-{metric}-1 dl time").first.get_attribute("datetime")
    assert text is not None
    return datetime.fromisoformat(text).astimezone(UTC)


def open_ledger(page: Page, metric: str) -> None:
    page.locator(f"#clock-{metric}-1 details.ledger summary").click()


def ledger_lines(page: Page, metric: str) -> list[dict[str, Any]]:
    """The lines of a clock's ledger as the page has them."""
    lines = []
    for line in page.locator(f"#clock-{metric}-1 details.ledger tbody tr[data-kind]").all():
        start, end = (each.get_attribute("datetime") for each in line.locator("time").all())
        assert start
        assert end
        kind = line.get_attribute("data-kind")
        lines.append(
            {"kind": kind, "start": datetime.fromisoformat(start), "end": datetime.fromisoformat(end)}
        )
    return lines


def status_of(rows: Rows, number: str) -> object:
    rows.execute("select status from tickets_ticket where number = %s", [number])
    found = rows.fetchone()
    return found["status"] if found else None


def in_london(instant: datetime) -> str:
    local = instant.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M}"
