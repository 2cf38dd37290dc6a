"""Small policies for one rule each: the promises are given, the rest is an ordinary shop."""

from functools import cache

from upheld.policy import load

_FRAME = """\
policy: 1
name: shop
title: A shop
zone: Europe/London
calendars:
  shop:
    hours: {{mon-fri: 09:00-17:00}}
    days_off: {{2026-04-03: Good Friday, 2026-04-06: Easter Monday}}
    other_hours: {{2026-03-19: 09:00-12:00}}
priorities:
  - {{id: high, label: High}}
  - {{id: normal, label: Normal}}
default_priority: normal
initial_status: open
statuses:
  - {{id: open, label: Open, category: open, clocks: all}}
  - {{id: waiting, label: Waiting, category: waiting, clocks: none, on_reply: open}}
  - {{id: third_party, label: With a third party, category: waiting, clocks: [first_response, update]}}
  - {{id: resolved, label: Resolved, category: resolved, clocks: none, on_reply: open}}
  - {{id: closed, label: Closed, category: closed, clocks: none, on_reply: open}}
exclusions:
  - {{id: spam, label: Spam}}
{more}
targets:
{targets}
"""


def text(*targets, more=""):
    """Return the document of a shop with these targets, each a line of YAML."""
    return _FRAME.format(targets="\n".join(f"  - {{{each}}}" for each in targets), more=more)


@cache
def shop(*targets, more=""):
    """Return the policy of a shop with these targets."""
    return load(text(*targets, more=more))


def within(amount, more=""):
    """Return a shop that promises a first response within an amount."""
    return shop(f"id: answer, metric: first_response, within: {amount}{more}")
