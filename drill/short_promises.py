"""A desk that promises an answer within a minute or two; a minute is the shortest time that a policy can name."""

from datetime import timedelta
from pathlib import Path

DESK = {
    "desk": "The counter",
    "short_name": "minute",
    "prefix": "MIN",
    "zone": "Europe/London",
    "mailbox": "counter@devices.example.com",
}
POLICY = """\
policy: 1
name: within-minutes
title: Answers within minutes
zone: Europe/London
priorities:
  - {{id: normal, label: Normal}}
default_priority: normal
initial_status: open
statuses:
  - {{id: open, label: Open, category: open, clocks: all}}
  - {{id: solved, label: Solved, category: resolved, clocks: none, on_reply: open}}
targets:
  - {{id: response, metric: first_response, within: {minutes} elapsed minutes, warn_at_percent: 5}}
  - {{id: resolution, metric: resolution, within: {twice} elapsed minutes, warn_at_percent: 4}}
"""


def consequences(minutes: int) -> dict[str, timedelta]:
    """What happens by itself on a ticket that nobody touches, and how long after its receipt."""
    response, resolution = timedelta(minutes=minutes), timedelta(minutes=2 * minutes)
    return {
        "warned:first_response:1:5": response * 5 / 100,
        "warned:resolution:1:4": resolution * 4 / 100,
        "breached:first_response:1": response,
        "breached:resolution:1": resolution,
    }


def desk_file(folder: Path, administrator: str, minutes: int) -> Path:
    """Write what `upheld setup --file` reads, and the policy that it names."""
    policy = folder / "minutes.yaml"
    policy.write_text(POLICY.format(minutes=minutes, twice=2 * minutes))
    answers = DESK | {"policy": str(policy), "administrator": administrator}
    file = folder / "desk.toml"
    file.write_text("".join(f'{name} = "{value}"\n' for name, value in answers.items()))
    return file
