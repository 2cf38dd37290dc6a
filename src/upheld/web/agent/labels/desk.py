"""The tags and fields of a desk: for its leads and administrators. For everybody else there is nothing."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from upheld.desks.models import Desk
from upheld.mailboxes.horizon import moment
from upheld.rules.permissions import Act, NotAllowed
from upheld.tickets import actions
from upheld.tickets.desk_labels import visible_fields, visible_tags
from upheld.tickets.models import CustomField, Tag
from upheld.tickets.moment import Moment
from upheld.web.agent.acts import typed
from upheld.web.agent.desk.guard import administered, desks_where, for_desks_where
from upheld.web.agent.desk.sections import rail, read_id
from upheld.web.agent.unsent import Unsent
from upheld.web.viewer import Workplace, for_agents

PAGE_SIZE = 50
MOST_OFFERED = 500
View = Callable[..., HttpResponse]
Deed = Callable[..., str]


_for_the_desk = for_desks_where(Act.change_fields)


@require_safe
@for_agents
def labels(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """The first desk whose tags and fields this agent keeps; its page leads to the others."""
    desks = desks_where(workplace, Act.change_fields)
    if not desks:
        raise Http404
    return redirect("labels_of_desk", desks[0].slug)


@require_safe
@_for_the_desk
def labels_of_desk(request: HttpRequest, workplace: Workplace, desk: Desk) -> HttpResponse:
    return _page(request, workplace, desk, Unsent())


def _page(
    request: HttpRequest, workplace: Workplace, desk: Desk, unsent: Unsent, status: int = 200
) -> HttpResponse:
    tags = visible_tags(workplace.viewer, desk.pk)
    wanted = request.GET.get("text", "").replace("\0", "").strip()[:40]
    fields = list(visible_fields(workplace.viewer, desk.pk))
    context = {
        "of_desk": desk,
        "rail": rail(desk, "labels_of_desk") if desk in administered(workplace) else [],
        "desks": [each for each in desks_where(workplace, Act.change_fields) if each != desk],
        "unsent": unsent,
        "tags": Paginator(tags.filter(name__icontains=wanted) if wanted else tags, PAGE_SIZE).get_page(
            request.GET.get("page")
        ),
        "wanted": wanted,
        "every_tag": list(tags.values_list("pk", "name")[:MOST_OFFERED]),
        "fields": [each for each in fields if each.retired_at is None],
        "retired": [each for each in fields if each.retired_at is not None],
        "kinds": CustomField.Kind.choices,
    }
    return render(request, "web/agent/labels/desk.html", context, status=status)


def _deed(form: str) -> Callable[[Deed], View]:
    """Make a view of a deed; a refusal shows the page again, with what was typed."""

    def make(done: Deed) -> View:
        @require_POST
        @_for_the_desk
        def view(request: HttpRequest, workplace: Workplace, desk: Desk, **rest: int) -> HttpResponse:
            try:
                said = done(request, workplace, desk, moment(desk.pk, request.now), **rest)
            except (Tag.DoesNotExist, CustomField.DoesNotExist):
                raise Http404 from None
            except (actions.Refused, NotAllowed) as refused:
                name = "-".join([form, *(str(each) for each in rest.values())])
                kept = {each: typed(request, each) for each in request.POST}
                status = 403 if isinstance(refused, NotAllowed) else 422
                return _page(request, workplace, desk, Unsent(name, str(refused), kept), status)
            messages.success(request, said)
            return redirect("labels_of_desk", desk.slug)

        return view

    return make


@_deed("tag")
def rename(request: HttpRequest, workplace: Workplace, desk: Desk, now: Moment, *, tag_id: int) -> str:
    tag = actions.rename_tag(desk.pk, tag_id, workplace.agent, typed(request, "name"), now)
    return _("The tag is called %(name)s now.") % {"name": tag.name}


@_deed("tag")
def merge(request: HttpRequest, workplace: Workplace, desk: Desk, now: Moment, *, tag_id: int) -> str:
    into = read_id(typed(request, "into"))
    if not into:
        raise actions.Refused(_("Choose the tag that stays."))
    tag = actions.merge_tag(desk.pk, tag_id, into, workplace.agent, now)
    return _("The two are one tag now: %(name)s.") % {"name": tag.name}


@_deed("tag")
def delete(request: HttpRequest, workplace: Workplace, desk: Desk, now: Moment, *, tag_id: int) -> str:
    name = actions.delete_tag(desk.pk, tag_id, workplace.agent, now)
    return _("The tag %(name)s is gone from every ticket.") % {"name": name}


@_deed("add-field")
def add_field(request: HttpRequest, workplace: Workplace, desk: Desk, now: Moment) -> str:
    field = actions.add_own_field(
        desk.pk,
        workplace.agent,
        typed(request, "label"),
        typed(request, "kind"),
        now,
        choices=typed(request, "choices").split("\n"),
    )
    return _("Tickets have a field %(label)s now.") % {"label": field.label}


@_deed("field")
def change_field(
    request: HttpRequest, workplace: Workplace, desk: Desk, now: Moment, *, field_id: int
) -> str:
    choices = typed(request, "choices").split("\n")
    label = typed(request, "label")
    actions.change_own_field(desk.pk, field_id, workplace.agent, label, now, choices=choices)
    return _("The field is as you set it.")


@_deed("field")
def move_field(request: HttpRequest, workplace: Workplace, desk: Desk, now: Moment, *, field_id: int) -> str:
    by = -1 if typed(request, "to") == "up" else 1
    actions.move_own_field(desk.pk, field_id, workplace.agent, by, now)
    return _("Moved.")


@_deed("field")
def retire_field(
    request: HttpRequest, workplace: Workplace, desk: Desk, now: Moment, *, field_id: int
) -> str:
    field = actions.retire_own_field(desk.pk, field_id, workplace.agent, now)
    return _("%(label)s is out of use. What stands on tickets stays.") % {"label": field.label}


@_deed("field")
def bring_back_field(
    request: HttpRequest, workplace: Workplace, desk: Desk, now: Moment, *, field_id: int
) -> str:
    field = actions.bring_back_own_field(desk.pk, field_id, workplace.agent, now)
    return _("%(label)s is in use again.") % {"label": field.label}
