"""The policy document: what it says, whether it is sound, and what it makes of a ticket's story."""

from upheld.policy.amounts import Amount, AmountKind
from upheld.policy.changes import Mode
from upheld.policy.checking import check
from upheld.policy.coming import Ahead, ComingStep, ahead
from upheld.policy.comparison import Difference, compare, difference_sentences
from upheld.policy.complaints import ComplaintStanding
from upheld.policy.course import Course, Known, Stood
from upheld.policy.escalating import ComingRung, coming_rungs, complaints_under
from upheld.policy.evaluation import course_under, evaluate, evaluate_under
from upheld.policy.explanation import explain, explain_under
from upheld.policy.facts import TOLD_TOGETHER
from upheld.policy.forms import json_schemas
from upheld.policy.frozen import freeze, from_frozen
from upheld.policy.holding import decide_by
from upheld.policy.ledger import Ledger, LedgerLine, Rival
from upheld.policy.loading import load
from upheld.policy.merging import merge, open_clocks, undo_merge
from upheld.policy.parts import (
    Channel,
    Exclusion,
    Objective,
    Priority,
    Source,
    Status,
    Step,
    Target,
)
from upheld.policy.path import InForce
from upheld.policy.pauses import Paused, paused_by_reason
from upheld.policy.policy import Policy
from upheld.policy.problems import PolicyError, Problem, Report
from upheld.policy.reconciliation import reconcile
from upheld.policy.reopening import refuses_to_reopen
from upheld.policy.republishing import Effect, Moved, preview, preview_under, published, takeovers
from upheld.policy.sentences import ledger_sentences, unclocked_sentence
from upheld.policy.settled_steps import SettledStep, settled_steps
from upheld.policy.shipped import pack, packs
from upheld.policy.splitting import NothingToSplit, split
from upheld.policy.standing import (
    ClockStanding,
    ClockState,
    Consequence,
    LateCall,
    Metric,
    Standing,
    Unclocked,
    Verdict,
)
from upheld.policy.story import Actor, Event
from upheld.policy.story_reading import StoryError, ToldStory, read_story, story_json
from upheld.policy.wording import LANGUAGES

__all__ = [
    "LANGUAGES",
    "TOLD_TOGETHER",
    "Actor",
    "Ahead",
    "Amount",
    "AmountKind",
    "Channel",
    "ClockStanding",
    "ClockState",
    "ComingRung",
    "ComingStep",
    "ComplaintStanding",
    "Consequence",
    "Course",
    "Difference",
    "Effect",
    "Event",
    "Exclusion",
    "InForce",
    "Known",
    "LateCall",
    "Ledger",
    "LedgerLine",
    "Metric",
    "Mode",
    "Moved",
    "NothingToSplit",
    "Objective",
    "Paused",
    "Policy",
    "PolicyError",
    "Priority",
    "Problem",
    "Report",
    "Rival",
    "SettledStep",
    "Source",
    "Standing",
    "Status",
    "Step",
    "Stood",
    "StoryError",
    "Target",
    "ToldStory",
    "Unclocked",
    "Verdict",
    "ahead",
    "check",
    "coming_rungs",
    "compare",
    "complaints_under",
    "course_under",
    "decide_by",
    "difference_sentences",
    "evaluate",
    "evaluate_under",
    "explain",
    "explain_under",
    "freeze",
    "from_frozen",
    "json_schemas",
    "ledger_sentences",
    "load",
    "merge",
    "open_clocks",
    "pack",
    "packs",
    "paused_by_reason",
    "preview",
    "preview_under",
    "published",
    "read_story",
    "reconcile",
    "refuses_to_reopen",
    "settled_steps",
    "split",
    "story_json",
    "takeovers",
    "unclocked_sentence",
    "undo_merge",
]
