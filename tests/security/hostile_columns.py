"""A desk on which every column that holds somebody's words holds hostile ones, each its own. The columns are found
from the models, so that a new one is hostile by itself; what holds no words is listed here with the reason."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

MARK = re.compile(r"zq(\d+)z")
_MARKUP = "\"'><x-made onmade=1></title></textarea></script><script>ran=1</script><img src=x: onerror=ran=1>"
_BRACES = "{{7*7}}{%x%}${7*7}%(x)s"
# No blank in it: what is as long as this must break, or the page grows wider than a phone.
_LONG = "W" * 300
_LINES = "\n\u202elines\nof it\u2028\n--></style>\n"

# Columns that hold no words of anybody, by the reason.
KEPT = {
    "a word of ours that decides what a row is; no page lets anybody write it": """
        desks.policyversion.mode desks.policydraft.mode desks.auditentry.action mailboxes.rawmail.way notices.notice.key
        notices.alert.key worker.heartbeat.name tickets.ticket.status_category tickets.ticket.channel
        tickets.heldrequest.channel tickets.heldmessage.channel tickets.message.channel tickets.heldmessage.direction
        tickets.message.direction tickets.informationasked.ended_because tickets.page.key tickets.page.metric
        tickets.page.ended_because tickets.snooze.ended_because tickets.storyevent.kind
        tickets.storyevent.consequence_key tickets.draft.kind tickets.reading.what tickets.difference.what
        tickets.clockresult.metric tickets.clockresult.verdict tickets.clockresult.cause tickets.clockresult.correction
        tickets.clockresult.left_out people.alertaddress.scheme mailboxes.fetched.key tickets.pausespan.by""",
    "a key of the policy, which takes no other when it is set": """
        desks.mailbox.product people.site.product people.contract.product people.contract.plan people.roleholder.role
        people.roleholder.product people.roleholder.region people.roleholder.calendar people.team.tier people.rota.role
        people.organization.region people.contact.region people.site.region tickets.ticket.status tickets.page.role
        tickets.ticket.priority tickets.ticket.product tickets.ticket.region tickets.ticket.plan tickets.ticket.reason
        tickets.ticket.request_type tickets.ticket.requested_priority tickets.heldrequest.product
        tickets.heldrequest.region tickets.heldrequest.request_type tickets.heldrequest.requested_priority
        tickets.heldrequest.reason tickets.collaborator.role tickets.pausespan.status tickets.broadcast.resolves
        tickets.clockresult.target tickets.clockresult.priority tickets.clockresult.plan tickets.clockresult.product
        tickets.informationasked.items desks.portal.products desks.portal.request_types""",
    "a part of an address of ours, of the letters that such a part may have": """
        desks.desk.slug desks.desk.number_prefix desks.portal.slug tickets.ticket.number tickets.customfield.key
        notices.notice.ticket_number notices.alert.ticket_number mailboxes.source.name tickets.difference.number""",
    "made by us, of letters of ours": """
        desks.policyversion.digest desks.policyversion.zone_data_version mailboxes.rawmail.digest
        notices.notice.message_id tickets.attachment.digest tickets.attachment.stored_as tickets.heldfile.digest
        tickets.heldfile.stored_as tickets.draftfile.digest tickets.draftfile.stored_as people.contact.phone_digits
        people.user.password tickets.ticket.standing desks.secret.name desks.policydraft.effect
        notices.alertpace.left_at tickets.verification.counts""",
    "one of a closed list, whatever is asked for": """
        desks.desk.zone desks.desk.language desks.desk.colour desks.portal.look people.agent.zone people.rota.zone
        people.contact.zone people.contact.language people.organization.language people.agent.alert_times
        people.agent.alert_ways""",
    "hostile already, as a document that was published": """
        desks.policyversion.source desks.policyversion.document desks.policydraft.text""",
}


def kept() -> dict[str, str]:
    """Why a column is left as it is, by its name."""
    return {name: reason for reason, names in KEPT.items() for name in names.split()}


def columns() -> Iterator[tuple[str, models.Field]]:
    """Every column of the program that can hold words, by its name."""
    for model in apps.get_models():
        if not model.__module__.startswith("upheld."):
            continue
        for field in model._meta.concrete_fields:
            if (
                isinstance(field, models.CharField | models.TextField | models.JSONField)
                and not field.choices
            ):
                yield f"{model._meta.label_lower}.{field.name}", field


def hostile(number: int, most: int = 0, *, lines: bool = False) -> str:
    """A hostile text of its own number, as long as it may be. The mark stands at the beginning."""
    text = f"zq{number}z{_MARKUP}{_BRACES}{_LONG}" + (_LINES + _LONG if lines else "")
    return text[:most] if most else text


def hostile_policy(number: int, published: dict[str, Any]) -> str:
    """A policy document as it was published, with a hostile text in every place for words. JSON is YAML, too."""
    words = {"label", "meaning", "title", "introduction", "note", "hands_over", "remark"}

    def told(value: Any, key: str = "") -> Any:
        match value:
            case dict() if key == "definitions":
                return {hostile(number, 60) + name: hostile(number, 900) for name in value}
            case dict():
                return {
                    name: each if name == "examples" else told(each, name) for name, each in value.items()
                }
            case list():
                return [told(each) for each in value]
            case str() if key in words:
                return hostile(number, 400)
        return value

    return json.dumps(told(published))


# --- columns of JSON


def _everything(value: Any, text: str, row: object = None) -> Any:
    """Every text in it, and no key."""
    match value:
        case dict():
            return {name: each if _is_form(each) else _everything(each, text) for name, each in value.items()}
        case list():
            return [_everything(each, text) for each in value]
        case str():
            return value if _is_form(value) else text
    return value


def _is_form(value: Any) -> bool:
    """An instant, a zone, a number or a word of ours in lower case."""
    return isinstance(value, str) and bool(re.fullmatch(r"[a-z_]*|[A-Z]\w+/\w+|[\d:.+T-]+", value))


def _of_story(value: dict[str, Any], text: str, row: Any) -> dict[str, Any]:
    """Of a kind that the policy reads, what is free in it; of any other kind everything."""
    if row.kind in FREE_KINDS:
        return _everything(value, text)
    free = {"reason"} | ({"to"} if row.kind == "assigned" else set())
    return {name: text if name in free else each for name, each in value.items()}


def _steps(value: list[dict[str, Any]], text: str, row: object) -> list[dict[str, Any]]:
    return [step | {"to": [text[:40]] if step["do"] == "tag" else text} for step in value]


IN_JSON: dict[str, Callable[[Any, str, Any], Any]] = {
    "desks.auditentry.data": _everything,
    "people.site.fields": lambda value, text, row: {text[:60]: text},
    "notices.notice.data": _everything,
    "notices.alert.data": _everything,
    "tickets.ticket.information": lambda value, text, row: {text[:60]: text},
    "tickets.heldrequest.information": lambda value, text, row: {text[:60]: text},
    "tickets.customfield.choices": lambda value, text, row: [text[:200]],
    "tickets.storyevent.data": _of_story,
    "tickets.draft.data": _everything,
    "tickets.press.payload": _everything,
    "tickets.macro.steps": _steps,
    "worker.heartbeat.data": _everything,
}
FREE_KINDS = {
    *(
        "macro",
        "paged",
        "readers",
        "contact_merged",
        "handed_over",
        "collaborator_joined",
        "collaborator_left",
    ),
    *(
        "third_party",
        "outside_work",
        "side",
        "requester",
        "tagged",
        "untagged",
        "own_field",
        "information_stored",
    ),
    *("linked", "unlinked", "split", "workaround", "affected", "unaffected"),
}


# Every way in leaves the last part of a path.
FILE_NAMES = ("tickets.attachment.name", "tickets.heldfile.name", "tickets.draftfile.name")


def fill() -> dict[int, str]:
    """Make every column hostile, and return which number stands in which. Nothing is asked on the way: what people may
    not write today may stand in a row of yesterday."""
    numbers: dict[int, str] = {}
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        for number, (name, field) in enumerate(columns()):
            if name in kept():
                continue
            numbers[number] = name
            table = field.model._meta.db_table
            cursor.execute(f'alter table "{table}" disable trigger user')
            rows = field.model._base_manager.order_by("pk")
            for row in rows:
                rows.filter(pk=row.pk).update(**{field.name: _value(name, field, number, row)})
            cursor.execute(f'alter table "{table}" enable trigger user')
    return numbers


def _value(name: str, field: models.Field, number: int, row: models.Model) -> Any:
    if isinstance(field, models.JSONField):
        return IN_JSON[name](getattr(row, field.name), hostile(number, 400), row)
    if isinstance(field, models.URLField):
        return f"javascript:ran=1//{hostile(number, 300)}"
    if isinstance(field, models.EmailField):
        return f"{hostile(number, 200)}{row.pk}@b.example".lower()
    # Two of them are not the same: some columns hold names that nobody else may have.
    text, end = hostile(number, lines=isinstance(field, models.TextField)), str(row.pk)
    if name in FILE_NAMES:
        text = text.replace("/", "_")
    if name == "people.organizationdomain.domain":
        text = text.lower()
    return text[: field.max_length - len(end)] + end if field.max_length else text
