"""The names that pages use for what the policy knows by id."""

from django.utils.translation import gettext_lazy as _

from upheld.policy import ClockState, Metric, Verdict

METRICS = {
    Metric.first_response: _("First response"),
    Metric.next_reply: _("Next reply"),
    Metric.update: _("Update"),
    Metric.resolution: _("Resolution"),
}

VERDICTS = {
    Verdict.met: _("Met"),
    Verdict.breached: _("Breached"),
    Verdict.transferred: _("Transferred"),
    Verdict.excluded: _("Left out of the figures"),
    Verdict.abandoned: _("Closed unanswered"),
}

STATES = {
    ClockState.running: _("Running"),
    ClockState.paused: _("Paused"),
    ClockState.closed_hours: _("Outside working hours"),
    ClockState.met: _("Met"),
    ClockState.breached: _("Breached"),
    ClockState.ended: _("Ended"),
}

# By their stored values: a policy is shown without a desk, and so without models.
WORK_STATES = {
    "open": _("open"),
    "under_way": _("under way"),
    "done": _("done"),
    "dropped": _("dropped"),
}

LINES = {
    "earlier": _("Earlier"),
    "carried": _("Carried over"),
    "ran": _("Ran"),
    "ahead": _("Still to run"),
    "paused": _("Paused"),
    "closed": _("Outside hours"),
    "holiday": _("Holiday"),
    "after": _("Past due"),
}

ICONS = {
    "running": "timer",
    "closed-hours": "moon",
    "due-soon": "hourglass",
    "breached": "triangle-alert",
    "paused": "circle-pause",
    "met": "circle-check",
    "none": "minus",
}
