"""From a request to the one who looks: every page of an agent starts here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from upheld.desks.models import Desk, PolicyVersion
from upheld.desks.policies import compiled
from upheld.people.models import Agent, Membership, NamedAuditor
from upheld.policy import Policy
from upheld.tickets.models import Press
from upheld.tickets.visibility import AgentViewer
from upheld.web.presenting.times import read_as

_KEPT_AS = "_upheld_workplace"


@dataclass(frozen=True, slots=True)
class Workplace:
    """An agent, the desks that they work on, and the viewer that they are to the tickets.

    `versions` are those of the policies in force, by desk; a desk without a policy has none. `something_leaves` says
    that they pressed something before this request that they may still take back. `audits` are the desks of which they
    are an auditor.
    """

    agent: Agent
    desks: tuple[Desk, ...]
    viewer: AgentViewer
    versions: Mapping[int, int]
    something_leaves: bool = False
    audits: frozenset[int] = frozenset()

    @property
    def version_ids(self) -> tuple[int, ...]:
        """The versions of the policies in force on the agent's desks."""
        return tuple(dict.fromkeys(self.versions.values()))

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The policies in force on the agent's desks."""
        return tuple(compiled(each) for each in self.version_ids)

    @property
    def zone(self) -> str:
        """The zone in which this agent reads times."""
        return self.agent.zone or self.desks[0].zone


def workplace_of(request: HttpRequest) -> Workplace | None:
    """The workplace of who is signed in; None for visitors, contacts, and agents without a desk."""
    if not hasattr(request, _KEPT_AS):
        setattr(request, _KEPT_AS, _look_up(request))
    return getattr(request, _KEPT_AS)


def _look_up(request: HttpRequest) -> Workplace | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    memberships = list(
        Membership.objects.filter(agent__user=user)
        .select_related("agent", "desk")
        .annotate(
            version_id=Subquery(_in_force(request)),
            something_leaves=_something_leaves(),
            is_auditor=_is_auditor(),
        )
        .order_by("desk__name")
    )
    if not memberships:
        return None
    agent = memberships[0].agent
    agent.user = user
    return Workplace(
        agent=agent,
        desks=tuple(each.desk for each in memberships),
        viewer=AgentViewer.from_memberships(agent.pk, memberships),
        versions={each.desk_id: each.version_id for each in memberships if each.version_id},
        something_leaves=memberships[0].something_leaves,
        audits=frozenset(each.desk_id for each in memberships if each.is_auditor),
    )


def _in_force(request: HttpRequest) -> QuerySet[PolicyVersion]:
    return PolicyVersion.objects.filter(desk_id=OuterRef("desk_id")).in_force(request.now).values("pk")[:1]


def _something_leaves() -> Exists:
    return Exists(Press.objects.filter(agent_id=OuterRef("agent_id"), state=Press.State.WAITING))


def _is_auditor() -> Exists:
    return Exists(NamedAuditor.objects.filter(agent_id=OuterRef("agent_id"), desk_id=OuterRef("desk_id")))


View = Callable[..., HttpResponse]


def for_agents(view: View) -> View:
    """Hand the view a workplace. Visitors are asked to sign in; for everybody else the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        workplace = workplace_of(request)
        if workplace is not None:
            with read_as(workplace.agent.hours_as):
                return view(request, workplace, *args, **kwargs)
        if request.user.is_authenticated:
            raise Http404
        return _sign_in_first(request)

    return guarded


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if getattr(request, "htmx", False):
        # A fragment must not show a sign-in page inside another page.
        return HttpResponseClientRedirect(reverse("account_login"))
    back = request.get_full_path() if request.method == "GET" else reverse("home")
    return redirect_to_login(back)
