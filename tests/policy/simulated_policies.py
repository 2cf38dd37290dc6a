"""Two policies that differ in nearly everything, for the statuses and priorities of made-up stories."""

from functools import cache

from upheld.policy import load

_DESK = """\
policy: 1
name: desk
title: A desk
zone: Europe/London
calendars:
  desk:
    hours: {{mon-fri: "{hours}"}}
    days_off: {{{days_off}}}
priorities:
  - {{id: urgent, label: Urgent}}
  - {{id: high, label: High}}
  - {{id: medium, label: Medium}}
  - {{id: low, label: Low}}
default_priority: {default}
initial_status: open
statuses:
  - {{id: open, label: Open, category: open, clocks: all}}
  - {{id: pending_action, label: Pending, category: open, clocks: {pending}}}
  - id: waiting_on_customer
    label: Waiting
    category: waiting
    clocks: none
    on_reply: open
    after:
      - {{wait: {reminder} elapsed hours, remind: customer}}
      - {{wait: {reminder} elapsed hours, remind: agent, name: agent}}
      - {{wait: 96 elapsed hours, become: closed}}
  - {{id: waiting_on_third_party, label: Elsewhere, category: waiting, clocks: [update]}}
  - {{id: resolved, label: Resolved, category: resolved, clocks: none, on_reply: open}}
  - {{id: closed, label: Closed, category: closed, clocks: none, on_reply: open}}
roles:
  - {{id: lead, label: Lead}}
  - {{id: head, label: Head}}
escalation:
  ladders:
    - id: late
      steps:
        - {{after: {rung}, tell: [lead]}}
        - {{after: 2 business days, tell: [lead, head], page: true}}
targets:
{targets}
"""

QUICK = (
    "id: urgent, metric: first_response, when: {priority: [urgent]}, within: 1 elapsed hour",
    "id: answer, metric: first_response, within: 4 working hours",
    "id: reply, metric: next_reply, within: 1 business day",
    "id: news, metric: update, every: 8 working hours",
    "id: solution, metric: resolution, within: 16 working hours",
)
SLOW = (
    "id: low, metric: first_response, when: {priority: [low]}, within: best effort",
    "id: answer, metric: first_response, within: 8 working hours",
    "id: reply, metric: next_reply, within: 12 elapsed hours",
    "id: news, metric: update, every: 1 business day",
    "id: solution, metric: resolution, within: 3 business days",
    "id: ceiling, metric: resolution, also: true, within: 60 elapsed hours",
)


def text(targets, **settings):
    """Return the document of the desk; `settings` change what is not a target."""
    usual = {
        "hours": "09:00-17:00",
        "days_off": "2026-04-03: Good Friday, 2026-04-06: Easter Monday",
        "default": "medium",
        "pending": "all",
        "reminder": 24,
        "rung": "4 working hours",
    }
    return _DESK.format(targets="\n".join(f"  - {{{each}}}" for each in targets), **usual | settings)


@cache
def quick():
    return load(text(QUICK))


@cache
def slow():
    other = {"hours": "08:00-12:00, 13:00-18:00", "days_off": "", "default": "high", "pending": "[update]"}
    return load(text(SLOW, reminder=48, rung="1 elapsed hour", **other))
