"""What a status means, whether the timer is on in it, and what happens there by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.policy import AmountKind, Metric, Policy, Status, Target
from upheld.policy.document import Document, StepPart
from upheld.policy.phrases import read_promise
from upheld.web.portal.presenting.policy.amounts import plain_amount
from upheld.web.portal.presenting.policy.names import Names, metrics, one_of
from upheld.web.portal.presenting.policy.readings import Readings
from upheld.web.presenting.words import METRICS


@dataclass(frozen=True, slots=True)
class Timer:
    """Whether time counts: `state` is "on", "off" or "mixed"; `words` tell which clocks run where they differ."""

    state: str
    words: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """What happens by itself: `wait` is an amount of time, `to` the id of the status that follows, if any."""

    wait: str
    words: str
    to: str
    for_staff: bool
    mark: int


@dataclass(frozen=True, slots=True)
class StatusRow:
    """`desk_label` is what agents say where customers read something else; `moves` are the labels of the statuses to
    which agents may take a ticket from here, and None where they may choose any."""

    id: str
    label: str
    desk_label: str
    meaning: str
    timer: Timer
    reply_to: str
    reply: str
    steps: Sequence[StepRow]
    moves: Sequence[str] | None
    is_initial: bool
    remark: str
    mark: int

    @property
    def steps_for_all(self) -> Sequence[StepRow]:
        """What happens by itself, without what only agents notice."""
        return [step for step in self.steps if not step.for_staff]


def statuses(document: Document, policy: Policy, names: Names, readings: Readings) -> list[StatusRow]:
    """Every status, in the order of the document."""
    rows = []
    for part in document.statuses:
        status = policy.status(part.id)
        rows.append(
            StatusRow(
                id=part.id,
                label=status.public_label,
                desk_label=status.label if status.label != status.public_label else "",
                meaning=part.meaning,
                timer=timer(policy, status),
                reply_to=part.on_reply or "",
                reply=names.of("status", part.on_reply) if part.on_reply else "",
                steps=[_step(step, names, readings, status.public_label) for step in _in_order(part.after)],
                moves=_moves(policy, status, names),
                is_initial=part.id == document.initial_status,
                remark=readings.remark(part),
                mark=readings.mark(part, _("Status “%(name)s”") % {"name": status.public_label}),
            )
        )
    return rows


def timer(policy: Policy, status: Status) -> Timer:
    """Whether time counts in a status, told for each metric where they differ."""
    told = {target.metric for target in policy.targets if _may_run(target)}
    on = [metric for metric in METRICS if metric in told and _runs(policy, status, metric)]
    off = [metric for metric in METRICS if metric in told and metric not in on]
    if not on:
        return Timer("off", _("off"))
    if not off:
        return Timer("on", _("on"))
    words = _("on: %(running)s; off: %(stopped)s")
    return Timer("mixed", words % {"running": metrics(on), "stopped": metrics(off)})


def _runs(policy: Policy, status: Status, metric: Metric) -> bool:
    return metric in status.clocks or (not status.is_done and _runs_while_paused(policy, metric))


def _may_run(target: Target) -> bool:
    """Whether a clock may ever run for it: for what is promised, and for what an agent may promise."""
    amounts = [each for each in (target.amount, target.outside) if each is not None]
    return any(each.kind is not AmountKind.best_effort for each in amounts)


def _runs_while_paused(policy: Policy, metric: Metric) -> bool:
    targets = [each for each in policy.targets if each.metric is metric and each.amount.has_clock]
    return bool(targets) and all(each.runs_while_paused for each in targets)


def _in_order(steps: Iterable[StepPart]) -> list[StepPart]:
    return sorted(steps, key=lambda step: (read_promise(step.wait).duration, step.become is not None))


def _step(step: StepPart, names: Names, readings: Readings, status: str) -> StepRow:
    wait = plain_amount(read_promise(step.wait))
    if step.become is not None:
        words = _("becomes “%(status)s” by itself") % {"status": names.of("status", step.become)}
    elif step.remind == "agent":
        words = _("our agent is reminded")
    else:
        words = _("we remind you")
    if step.name:
        words = _("%(words)s (%(name)s)") % {"words": words, "name": step.name}
    return StepRow(
        wait=_("after %(wait)s") % {"wait": wait},
        words=words,
        to=step.become or "",
        for_staff=step.remind == "agent",
        mark=readings.mark(step, _("Status “%(name)s”, after %(wait)s") % {"name": status, "wait": wait}),
    )


def _moves(policy: Policy, status: Status, names: Names) -> list[str] | None:
    if status.next is None:
        return None
    return [names.of("status", id) for id in policy.moves(status.id)]


@dataclass(frozen=True, slots=True)
class Rules:
    """How clocks and tickets behave beyond the table, a sentence each."""

    sentences: Sequence[str]
    marks: tuple[int, ...]


def rules(document: Document, policy: Policy, readings: Readings) -> Rules:
    """Reopening, what counts as a response, and what another priority does."""
    sentences = [*_reopening(document, policy), *_responses(document, policy), *_told(document)]
    if document.reclassifying.raised_counts_from == "start":
        sentences.append(_("When a priority is raised, the shorter time counts from the beginning."))
    else:
        sentences.append(
            _(
                "When a priority is raised, the shorter time counts from when somebody first named that priority."
            )
        )
    parts = (
        (document.reopening, _("Opening again")),
        (document.responses, _("What counts as a response")),
        (document.reclassifying, _("Another priority")),
        (document.notifications, _("What we tell you by mail")),
    )
    remarks = [remark for part, _about in parts if (remark := readings.remark(part))]
    marks = [mark for part, about in parts if (mark := readings.mark(part, about))]
    return Rules([*sentences, *remarks], tuple(dict.fromkeys(marks)))


def _reopening(document: Document, policy: Policy) -> list[str]:
    if not any(status.is_done for status in policy.statuses):
        return []
    within = plain_amount(read_promise(document.reopening.within))
    told = [
        _("A request that is over can be opened again within %(time)s; later a message begins a new one.")
        % {"time": within}
    ]
    if document.reopening.clocks == "restart":
        told.append(_("When it is opened again, the time begins anew."))
    else:
        told.append(_("When it is opened again, the timer goes on where it stopped."))
    return told


def _responses(document: Document, policy: Policy) -> list[str]:
    if not policy.metrics & {Metric.first_response, Metric.next_reply, Metric.update}:
        return []
    said = [_("a person's message to you"), _("a call that a person makes")]
    if document.responses.assistants:
        said.append(_("an assistant's message"))
    told = [_("A response is %(what)s; an automatic mail never is one.") % {"what": one_of(said)}]
    if document.responses.only_when_assigned:
        told.append(_("It counts only once somebody has taken up the request."))
    return told


def _told(document: Document) -> list[str]:
    told = []
    if document.notifications.acknowledgement:
        told.append(
            _(
                "However you write, you get a mail with the number of your request and by when a person answers."
            )
        )
    if document.notifications.status_changes:
        told.append(_("You get a mail when the status of your request changes."))
    return told
