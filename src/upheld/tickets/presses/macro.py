"""A macro on a ticket: its steps in one transaction, all of them or none, as of the press."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.macro_steps import in_order
from upheld.rules.permissions import Act, NotAllowed
from upheld.rules.placeholders import left_in
from upheld.tickets import actions
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.changes import change_of
from upheld.tickets.drafts import NOTE, REPLY, put_back
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Macro, Press
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen

Step = Mapping[str, Any]


def check(press: Press, moment: Moment) -> None:
    """Carry it out and roll it back: whatever it would be refused for, it is refused for now."""
    with transaction.atomic():
        do(press, moment)
        transaction.set_rollback(True)


def do(press: Press, moment: Moment) -> None:
    """Carry out the steps as they were looked at and pressed, whatever the macro says since."""
    carry_out_steps(press.payload["name"], press.payload["steps"], press.ticket_id or 0, press.agent, moment)


def give_back(press: Press, now: datetime) -> None:
    """Make drafts of the texts, as they were changed for this ticket; the rest is in the macro still."""
    steps = {step["do"]: step.get("to") for step in press.payload["steps"]}
    if REPLY in steps:
        put_back(press, REPLY, now, said={"text": steps[REPLY], "status": steps.get("status") or ""})
    if NOTE in steps:
        put_back(press, NOTE, now, said={"text": steps[NOTE]})


def run(macro: Macro, ticket_id: int, agent: Agent, moment: Moment) -> None:
    """Run a macro as it is now on one of many tickets. Raises NotAllowed or Refused, and then nothing is changed."""
    if any(left_in(str(step.get("to", ""))) for step in macro.steps if step["do"] in ("note", "reply")):
        raise Refused("Its text has placeholders, which are filled in on a ticket's own page. Run it there.")
    carry_out_steps(macro.name, macro.steps, ticket_id, agent, moment)


@transaction.atomic
def carry_out_steps(name: str, steps: Sequence[Step], ticket_id: int, agent: Agent, moment: Moment) -> None:
    """Do all steps on a ticket, each by its own action, which asks its own right."""
    _tell(name, ticket_id, agent, moment)
    ordered = in_order(steps)
    for step in ordered:
        do_step(step, ordered, ticket_id, agent, moment)


def try_steps(steps: Sequence[Step], ticket_id: int, agent: Agent, moment: Moment) -> list[str]:
    """Return for each step, in their order, why it could not be done now; empty where it could. Nothing is changed."""
    ordered, found = in_order(steps), []
    with transaction.atomic():
        for step in ordered:
            try:
                with transaction.atomic():
                    do_step(step, ordered, ticket_id, agent, moment)
            except (Refused, NotAllowed) as problem:
                found.append(str(problem))
            else:
                found.append("")
        transaction.set_rollback(True)
    return found


def do_step(step: Step, steps: Sequence[Step], ticket_id: int, agent: Agent, moment: Moment) -> None:
    """Do one step of a macro; `steps` are all of them, since a reply takes the status along."""
    replies = any(each["do"] == "reply" for each in steps)
    match step["do"]:
        case "reply":
            status = next((each["to"] for each in steps if each["do"] == "status"), None)
            actions.reply(ticket_id, agent, _whole(step["to"]), moment, status=status)
        case "status" if replies:
            return
        case "note":
            actions.write_note(ticket_id, agent, _whole(step["to"]), moment)
        case "field":
            actions.set_custom(ticket_id, agent, step["key"], str(step["to"]), moment)
        case "assign" if step["to"] == "me":
            change_of({"do": "assign", "to": agent.pk}).do(ticket_id, agent, moment)
        case _:
            change_of(step).do(ticket_id, agent, moment)


def _whole(text: str) -> str:
    if left := left_in(text):
        raise Refused(f"The text still has a gap: {', '.join(left)}. Fill it in, or take it out.")
    return text


def _tell(name: str, ticket_id: int, agent: Agent, moment: Moment) -> None:
    """Let the story say that what follows was one step."""
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.read_ticket, pen.ticket)
    pen.fact("macro", Actor.agent, agent=agent, name=name)
    standing, news = pen.close()
    carry_out(pen, standing, news)
