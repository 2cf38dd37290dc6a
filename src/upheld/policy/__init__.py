"""The policy document: what it says, whether it is sound, and what it makes of a ticket's story."""

from upheld.policy.checking import check
from upheld.policy.evaluation import evaluate
from upheld.policy.explanation import explain
from upheld.policy.frozen import freeze, from_frozen
from upheld.policy.ledger import Ledger, LedgerLine
from upheld.policy.loading import load
from upheld.policy.parts import (
    Amount,
    Channel,
    Exclusion,
    Objective,
    Priority,
    Source,
    Status,
    Step,
    Target,
)
from upheld.policy.policy import Policy
from upheld.policy.problems import PolicyError, Problem, Report
from upheld.policy.sentences import ledger_sentences
from upheld.policy.shipped import pack, packs
from upheld.policy.standing import ClockStanding, ClockState, Consequence, Metric, Standing, Verdict
from upheld.policy.story import Actor, Event

__all__ = [
    "Actor",
    "Amount",
    "Channel",
    "ClockStanding",
    "ClockState",
    "Consequence",
    "Event",
    "Exclusion",
    "Ledger",
    "LedgerLine",
    "Metric",
    "Objective",
    "Policy",
    "PolicyError",
    "Priority",
    "Problem",
    "Report",
    "Source",
    "Standing",
    "Status",
    "Step",
    "Target",
    "Verdict",
    "check",
    "evaluate",
    "explain",
    "freeze",
    "from_frozen",
    "ledger_sentences",
    "load",
    "pack",
    "packs",
]
