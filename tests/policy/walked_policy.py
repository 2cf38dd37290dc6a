"""A policy with every kind of amount, and the same in plain tables for the desk that walks."""

from functools import cache

from upheld.policy import load

TEXT = """\
policy: 1
name: walked
title: Every kind of promise
zone: Europe/London
calendars:
  shop:
    hours: {mon-fri: "09:00-12:30, 13:00-17:30"}
    days_off: {2026-04-03: Good Friday, 2026-04-06: Easter Monday}
    other_hours: {2026-04-02: 09:00-12:00, 2026-04-08: 14:00-20:00}
priorities:
  - {id: high, label: High}
  - {id: normal, label: Normal}
  - {id: low, label: Low}
default_priority: normal
initial_status: open
reopening: {within: 7200 elapsed minutes}
statuses:
  - {id: open, label: Open, category: open, clocks: all}
  - {id: waiting, label: Waiting, category: waiting, clocks: none, on_reply: open}
  - {id: researching, label: Researching, category: waiting, clocks: [update]}
  - {id: resolved, label: Resolved, category: resolved, clocks: none, on_reply: open}
targets:
  - {id: h1, metric: first_response, when: {priority: [high], received: inside}, within: 3 elapsed hours}
  - {id: h2, metric: first_response, when: {priority: [high], received: outside}, within: 6 elapsed hours}
  - id: h3
    metric: first_response
    when: {priority: [high], received: outside}
    also: true
    start: next_opening
    within: 3 working hours
  - {id: n1, metric: first_response, when: {priority: [normal]}, within: 2 business days}
  - {id: l1, metric: first_response, within: cut-off 12:00}
  - {id: h4, metric: next_reply, when: {priority: [high]}, within: 1 business day at close}
  - {id: n2, metric: next_reply, when: {priority: [normal]}, within: 90 working minutes, start: next_opening}
  - {id: l2, metric: next_reply, within: best effort}
  - {id: h5, metric: resolution, when: {priority: [high]}, within: 20 elapsed hours}
  - {id: h6, metric: resolution, when: {priority: [high]}, also: true, within: 1 business day, note: as the page says}
  - {id: n3, metric: resolution, when: {priority: [normal]}, within: 3 business days, aim: 2 business days}
  - {id: l3, metric: resolution, within: 16 working hours, start: acknowledged}
  - {id: h7, metric: update, when: {priority: [high]}, every: 4 working hours}
  - {id: n4, metric: update, when: {priority: [normal]}, every: 1 business day at close}
  - {id: l4, metric: update, within: discretionary}
"""

# (target, kind, amount, start, received); amounts in minutes, days, or the minute of the day of a cut-off.
TABLES = {
    ("first_response", "high"): [
        ("h1", "elapsed", 180, "received", "inside"),
        ("h2", "elapsed", 360, "received", "outside"),
        ("h3", "working", 180, "next_opening", "outside"),
    ],
    ("first_response", "normal"): [("n1", "same_time", 2, "received", None)],
    ("first_response", "low"): [("l1", "cut_off", 720, "received", None)],
    ("next_reply", "high"): [("h4", "at_close", 1, "received", None)],
    ("next_reply", "normal"): [("n2", "working", 90, "next_opening", None)],
    ("next_reply", "low"): [],
    ("resolution", "high"): [
        ("h5", "elapsed", 1200, "received", None),
        ("h6", "same_time", 1, "received", None),
    ],
    ("resolution", "normal"): [("n3", "same_time", 3, "received", None)],
    ("resolution", "low"): [("l3", "working", 960, "acknowledged", None)],
    ("update", "high"): [("h7", "working", 240, "received", None)],
    ("update", "normal"): [("n4", "at_close", 1, "received", None)],
    ("update", "low"): [],
}
WEEK = [(540, 750), (780, 1050)]
DATES = {"2026-04-03": [], "2026-04-06": [], "2026-04-02": [(540, 720)], "2026-04-08": [(840, 1200)]}
CLOCKS = {
    "open": {"first_response", "next_reply", "update", "resolution"},
    "waiting": set(),
    "researching": {"update"},
    "resolved": set(),
}
REOPEN_MINUTES = 7200


@cache
def walked():
    return load(TEXT)
