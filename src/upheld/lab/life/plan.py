"""What a lab was begun with, kept beside its clock."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

PLAN = "lab-plan.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """The policy by which a lab lives, the seed from which its people come, and when its time began."""

    policy: str
    name: str
    seed: int
    start: datetime


def write_plan(directory: Path, plan: Plan) -> None:
    """Keep the plan for all later starts."""
    told = {"policy": plan.policy, "name": plan.name, "seed": plan.seed, "start": plan.start.isoformat()}
    (directory / PLAN).write_text(json.dumps(told))


def read_plan(directory: Path) -> Plan:
    """Return the plan of a lab."""
    told = json.loads((directory / PLAN).read_text())
    return Plan(told["policy"], told["name"], told["seed"], datetime.fromisoformat(told["start"]))
