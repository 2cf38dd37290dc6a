"""A policy on which days happen what weeks bring elsewhere: it warns, reminds, closes and tells within hours."""

QUICK = """\
policy: 1
name: quick
title: How fast we answer
zone: Europe/Berlin
calendars:
  opening hours:
    hours: {mon-sun: "07:00-21:00"}
priorities:
  - {id: high, label: High}
  - {id: normal, label: Normal}
default_priority: normal
initial_status: open
statuses:
  - {id: open, label: Open, category: open, clocks: all}
  - id: waiting
    label: Waiting for you
    category: waiting
    clocks: none
    on_reply: open
    after:
      - {wait: 3 elapsed hours, remind: customer}
      - {wait: 4 elapsed hours, become: closed}
  - id: solved
    label: Solved
    category: resolved
    clocks: none
    on_reply: open
    after: [{wait: 4 elapsed hours, become: closed}]
  - {id: closed, label: Closed, category: closed, clocks: none}
products: [{id: till, label: the till}]
tiers: [{id: first, label: First line}]
roles: [{id: manager, label: Manager}]
targets:
  - {id: response, metric: first_response, within: 1 working hour, warn_at_percent: 75}
  - {id: resolution, metric: resolution, within: 4 working hours, warn_at_percent: 75}
escalation:
  ladders:
    - id: late
      label: Nobody answered
      until: first_response
      steps: [{after: 30 elapsed minutes, tell: [manager]}]
"""
