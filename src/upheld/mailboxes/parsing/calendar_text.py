"""What an invitation says in words, for a mail that brings nothing else (RFC 5545, its first event only)."""

import re

from upheld.mailboxes.parsing.cleaning import clean, clean_line

_LINES = 5_000
_LINE = 4_000
_NAME = re.compile(r"([A-Za-z-]{1,40})((?:;[^:\"]{0,400}+|\"[^\"]{0,400}\"){0,20}+):")
_TIME = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})[0-9]{0,2}(Z?))?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_METHODS = {"CANCEL": "Cancelled", "REPLY": "Answer to an invitation", "REQUEST": "Invitation"}
_ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "accepted with reserve"}

# A value, and the parameters before it as they stand.
_Property = tuple[str, str]


def text_of(calendar: str) -> str:
    """Return summary, time, place and organizer on lines of their own, and the description below them."""
    method, event = _event(calendar)
    if not event:
        return ""
    lines = [
        f"{_METHODS.get(method.upper(), 'Calendar')}: {_plain(event.get('SUMMARY')) or 'without a title'}"
    ]
    lines += [f"When: {when}" for when in [_when(event)] if when]
    lines += [f"Where: {where}" for where in [_plain(event.get("LOCATION"))] if where]
    lines += [f"Organizer: {who}" for who in [_person(event.get("ORGANIZER"))] if who]
    lines += _answer(method, event)
    description = _ESCAPED.sub(_unescape, event.get("DESCRIPTION", ("", ""))[0])
    return "\n".join([*lines, "", clean(description)]).strip()


def _event(calendar: str) -> tuple[str, dict[str, _Property]]:
    """The method of a calendar, and the properties of its first event; those of an alarm in it are left out."""
    method = ""
    event: dict[str, _Property] = {}
    inside: list[str] = []
    for line in _unfolded(calendar):
        found = _NAME.match(line)
        if found is None:
            continue
        name, value = found[1].upper(), line[found.end() :]
        if name == "BEGIN":
            inside = [*inside[:5], value.strip().upper()]
        elif name == "END":
            if inside[-1:] in (["VEVENT"], ["VTODO"]):
                break
            inside = inside[:-1]
        elif name == "METHOD":
            method = value.strip()
        elif inside[-1:] in (["VEVENT"], ["VTODO"]):
            event.setdefault(name, (value, found[2]))
    return method, event


def _unfolded(calendar: str) -> list[str]:
    lines: list[list[str]] = []
    for line in calendar.split("\n")[:_LINES]:
        if line[:1] in (" ", "\t") and lines:
            lines[-1].append(line[1:])
        else:
            lines.append([line])
    return ["".join(pieces)[:_LINE].rstrip("\r") for pieces in lines]


def _plain(value: _Property | None) -> str:
    return clean_line(_ESCAPED.sub(_unescape, value[0]), 300) if value else ""


def _unescape(found: re.Match[str]) -> str:
    return "\n" if found[1] in "nN" else found[1]


def _when(event: dict[str, _Property]) -> str:
    start, end = (_time(event.get(name)) for name in ("DTSTART", "DTEND"))
    zone = _parameter(event.get("DTSTART"), "TZID")
    if not start:
        return ""
    same_day = end[:10] == start[:10] and len(end) > 10
    until = f" to {end[11:] if same_day else end}" if end and end != start else ""
    return f"{start}{until}" + (f" ({clean_line(zone, 80)})" if zone else "")


def _time(value: _Property | None) -> str:
    found = _TIME.match(value[0].strip()) if value else None
    if not found:
        return ""
    day = f"{found[1]}-{found[2]}-{found[3]}"
    return f"{day} {found[4]}:{found[5]}" + (" UTC" if found[6] else "") if found[4] else day


def _person(value: _Property | None) -> str:
    if not value:
        return ""
    name = clean_line(_parameter(value, "CN"), 160)
    address = clean_line(re.sub(r"(?i)^mailto:", "", value[0].strip()), 254)
    return f"{name} <{address}>" if name and name != address else address


def _parameter(value: _Property | None, name: str) -> str:
    found = re.search(rf"(?i);{name}=(?:\"([^\"]*)\"|([^;\"]*))", value[1]) if value else None
    return (found[1] or found[2] or "") if found else ""


def _answer(method: str, event: dict[str, _Property]) -> list[str]:
    if method.upper() != "REPLY" or "ATTENDEE" not in event:
        return []
    said = _ANSWERS.get(_parameter(event["ATTENDEE"], "PARTSTAT").upper())
    return [f"{_person(event['ATTENDEE'])}: {said}"] if said else []
