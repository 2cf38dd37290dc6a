"""A whole policy as people read it, made from the document and from what runs: page and clocks cannot differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from upheld.policy import Policy
from upheld.policy.document import Document, SourcePart
from upheld.web.portal.presenting.policy.escalating import Escalating, escalating
from upheld.web.portal.presenting.policy.flow import Flow, people_flow, status_flow
from upheld.web.portal.presenting.policy.goals import Goal, goals_of
from upheld.web.portal.presenting.policy.hours import Hours, hours_of
from upheld.web.portal.presenting.policy.intake import (
    ChannelRow,
    Entitlement,
    Information,
    Told,
    channels,
    choices,
    entitlement,
    exclusions,
    information,
    request_types,
    scope,
    terms,
)
from upheld.web.portal.presenting.policy.levels import Levels, levels
from upheld.web.portal.presenting.policy.names import Names
from upheld.web.portal.presenting.policy.now import IfNow, if_now
from upheld.web.portal.presenting.policy.promises import Promises, promises
from upheld.web.portal.presenting.policy.readings import Reading, Readings
from upheld.web.portal.presenting.policy.statuses import Rules, StatusRow, rules, statuses
from upheld.web.portal.presenting.policy.stories import Story, stories


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its name, which is its address on the page, too, and its heading."""

    name: str
    title: str

    @property
    def template(self) -> str:
        return f"portal/policy/parts/{self.name}.html"


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """Everything that a policy says, in the order in which a page tells it. `zone` is that of its instants."""

    title: str
    introduction: str
    source: SourcePart
    zone: str
    policy_zone: str
    remark: str
    now: IfNow | None
    promises: Promises
    goals: Sequence[Goal]
    hours: Sequence[Hours]
    levels: Levels
    channels: Sequence[ChannelRow]
    entitlement: Entitlement
    plans: Sequence[Told]
    regions: Sequence[Told]
    products: Sequence[Told]
    teams: Sequence[Told]
    reasons: Sequence[Told]
    request_types: Sequence[Told]
    information: Information
    scope: Sequence[Told]
    terms: Sequence[Told]
    statuses: Sequence[StatusRow]
    flow: Flow
    rules: Rules
    escalating: Escalating
    roles: Sequence[Told]
    people: Flow | None
    definitions: Sequence[tuple[str, str]]
    exclusions: Sequence[Told]
    stories: Sequence[Story]
    readings: Sequence[Reading]

    @property
    def has_steps(self) -> bool:
        """Whether anything happens by itself after some time."""
        return any(row.steps_for_all for row in self.statuses)

    @property
    def moves_freely(self) -> bool:
        """Whether agents may choose any status from any other."""
        return all(row.moves is None for row in self.statuses)

    @property
    def sections(self) -> list[Section]:
        """The parts that have something to say, in their order."""
        asks = self.entitlement.sentences or self.information.items or self.request_types
        others = self.products or self.regions
        parts = (
            (self.now, "now", _("If you write now")),
            (True, "promises", _("How soon")),
            (self.hours, "hours", _("When we work")),
            (True, "priorities", _("Priorities")),
            (self.channels, "channels", _("How to reach us")),
            (asks, "asking", _("What a request needs")),
            (self.plans, "plans", _("Plans")),
            (self.reasons, "reasons", _("Reasons for writing")),
            (others, "others", _("Products and regions")),
            (True, "statuses", _("What a status means")),
            (True, "flow", _("The way of a request")),
            (self.escalating.works_on_it or self.teams or self.roles, "people", _("Who works on it")),
            (self.escalating.ladders, "ladders", _("Who is told as time passes")),
            (self.escalating.path, "path", _("If you are not satisfied")),
            (self.terms, "terms", _("Conditions")),
            (self.scope or self.exclusions, "limits", _("What is not part of it")),
            (self.definitions, "definitions", _("What our words mean")),
            (self.stories, "examples", _("Examples")),
            (self.readings, "readings", _("Our readings")),
        )
        return [Section(name, title) for says, name, title in parts if says]


def policy_page(
    document: Document,
    policy: Policy,
    now: datetime,
    zone: str,
    chosen: Mapping[str, str] | None = None,
) -> PolicyPage:
    """The page of a document and its compiled policy as it reads at `now`, with instants told in `zone`.

    `chosen` is what a reader says about themselves: their plan, region or channel.
    """
    names, readings = Names(document), Readings()
    # Readings get their numbers in the order of the page.
    remark = readings.remark(document) or readings.remark(document.source)
    if_now_ = if_now(document, policy, now, zone, chosen or {})
    promised = promises(document, policy, readings)
    goals = goals_of(document, readings)
    hours = hours_of(document, policy, now, zone, readings)
    levels_ = levels(document, names, readings)
    channels_ = channels(document, policy, now, names, readings)
    entitled = entitlement(document, policy, names, readings)
    plans = choices(document.plans, readings)
    regions = choices(document.regions, readings)
    products = choices(document.products, readings)
    reasons = choices(document.reasons, readings)
    types = request_types(document, readings)
    asked = information(document, names, readings)
    scope_ = scope(document, names, readings)
    terms_ = terms(document, readings)
    rows = statuses(document, policy, names, readings)
    rules_ = rules(document, policy, readings)
    teams = choices(document.teams, readings)
    escalating_ = escalating(document, policy, names, readings)
    roles = choices(document.roles, readings)
    left_out = exclusions(document, readings)
    return PolicyPage(
        title=document.title,
        introduction=document.introduction,
        source=document.source,
        zone=zone,
        policy_zone=document.zone,
        remark=remark,
        now=if_now_,
        promises=promised,
        goals=goals,
        hours=hours,
        levels=levels_,
        channels=channels_,
        entitlement=entitled,
        plans=plans,
        regions=regions,
        products=products,
        teams=teams,
        reasons=reasons,
        request_types=types,
        information=asked,
        scope=scope_,
        terms=terms_,
        statuses=rows,
        flow=status_flow(rows, _before(document)),
        rules=rules_,
        escalating=escalating_,
        roles=roles,
        people=people_flow(escalating_),
        definitions=list(document.definitions.items()),
        exclusions=left_out,
        stories=stories(document, policy, names),
        readings=readings.listed(),
    )


def _before(document: Document) -> list[str]:
    """What happens to a request before it has a status."""
    told = []
    if document.entitlement.contract == "required":
        told.append(_("Without a contract in force it is held, without a number."))
    if document.notifications.acknowledgement:
        told.append(_("You get a mail with its number."))
    return told
