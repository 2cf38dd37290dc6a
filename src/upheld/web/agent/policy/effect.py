"""What publishing a draft would change: in the document, and for every open ticket. And the button."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upheld.clock import zone as zone_named
from upheld.desks.actions import PolicyRefused, PublicationRefused, change_draft, discard_draft, prepare
from upheld.desks.models import Desk, PolicyDraft
from upheld.desks.policy_documents import document_of
from upheld.policy import Mode
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import Outcome, Publication, publish
from upheld.tickets.effect_rows import effect_table
from upheld.tickets.publication_effect import told_lost
from upheld.web.agent.acts import typed
from upheld.web.agent.policy.differences import differences, in_words
from upheld.web.agent.policy.drafts import find_draft
from upheld.web.agent.policy.guard import acting, for_publishers
from upheld.web.agent.policy.moves import modes, moves
from upheld.web.agent.policy.rows import closed_days, field_value, next_minute, typed_instant
from upheld.web.agent.policy.seen import Seen, latest_number, look, seen_of
from upheld.web.agent.policy.versions import in_force
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace


@require_http_methods(["GET", "HEAD", "POST"])
@for_publishers
def effect(request: HttpRequest, workplace: Workplace, desk: Desk, draft_id: int) -> HttpResponse:
    """Show what the draft changes; a POST sets how it is to be published, and looks at the open tickets."""
    draft = find_draft(desk, draft_id)
    try:
        if request.method == "POST":
            draft = _set(request, workplace, desk, draft)
            look(draft, request.now)
            return redirect("policy_effect", desk.slug, draft.pk)
        if draft.effect is None:
            draft = look(draft, request.now)
    except PolicyRefused:
        messages.error(request, _("The document has problems. Mend them first."))
        return redirect("policy_draft", desk.slug, draft.pk)
    except PublicationRefused as refused:
        messages.error(request, str(refused))
        if draft.effect is None:
            return render(request, "web/agent/policy/effect.html", _context(request, desk, draft), status=422)
        return redirect("policy_effect", desk.slug, draft.pk)
    return render(request, "web/agent/policy/effect.html", _context(request, desk, draft))


@require_safe
@for_publishers
def table(
    request: HttpRequest, workplace: Workplace, desk: Desk, draft_id: int, mode: str
) -> HttpResponseBase:
    """Every clock that changes, as a table to take along."""
    draft = find_draft(desk, draft_id)
    seen = seen_of(draft)
    if seen is None or seen.effect is None or mode not in {each.value for each in seen.effect.clocks}:
        raise Http404
    lines = effect_table(seen.effect.clocks[Mode(mode)], zone_named(desk.zone))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{desk.slug}-{mode}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@for_publishers
def publish_draft(request: HttpRequest, workplace: Workplace, desk: Desk, draft_id: int) -> HttpResponse:
    """Publish what was looked at. Where something else is chosen on the page, show what that does instead."""
    draft = find_draft(desk, draft_id)
    seen, after = seen_of(draft), typed(request, "after")
    try:
        chosen = _set(request, workplace, desk, draft)
    except PublicationRefused as refused:
        messages.error(request, str(refused))
        return redirect("policy_effect", desk.slug, draft.pk)
    if seen is None or (chosen.mode, chosen.effective_from) != (draft.mode, draft.effective_from):
        messages.warning(
            request, _("Nothing is published yet: this is what your choice does. Publish it if you agree.")
        )
        return redirect("policy_effect", desk.slug, draft.pk)
    publication = Publication(
        desk=desk,
        text=chosen.text,
        mode=Mode(chosen.mode),
        effective_from=chosen.effective_from,
        remark=chosen.remark,
        digest=typed(request, "digest")[:64],
        after=int(after) if after.isdecimal() and len(after) < 10 else -1,
    )
    try:
        outcome = publish(publication, now=request.now, by=acting(workplace), agent=workplace.agent)
    except PolicyRefused:
        messages.error(request, _("The document has problems. Mend them first."))
        return redirect("policy_draft", desk.slug, draft.pk)
    except PublicationRefused as refused:
        messages.error(request, str(refused))
        return redirect("policy_effect", desk.slug, draft.pk)
    except NotAllowed:
        raise Http404 from None
    discard_draft(draft.pk)
    messages.success(request, _said(outcome, seen, desk, request.now))
    return redirect("policy", desk.slug)


def _set(request: HttpRequest, workplace: Workplace, desk: Desk, draft: PolicyDraft) -> PolicyDraft:
    """Set how the draft is to be published."""
    mode, when = typed(request, "mode"), typed(request, "effective").strip()
    if mode not in {each.value for each in Mode}:
        raise PublicationRefused(_("Choose what becomes of the open tickets."))
    try:
        at = typed_instant(when, desk.zone) if when else None
    except ValueError:
        raise PublicationRefused(
            _("That is no date and time. Choose one, or leave it empty for at once.")
        ) from None
    if at is not None and at < request.now:
        raise PublicationRefused(
            _(
                "The instant from which it is to hold has passed. Choose one to come, or leave it empty for at once."
            )
        )
    changes = {"mode": mode, "effective_from": at, "remark": typed(request, "remark").strip()[:200]}
    if "look" in request.POST:
        # The same again, because tickets move on.
        changes["effect"] = None
    return change_draft(draft.pk, by=acting(workplace), now=request.now, **changes)


def _context(request: HttpRequest, desk: Desk, draft: PolicyDraft) -> dict[str, Any]:
    times = Times(desk.zone, request.now)
    held = in_force(desk, request)
    mode = Mode(draft.mode)
    context: dict[str, Any] = {
        "of_desk": desk,
        "draft": draft,
        "held": held,
        "lines": differences(held.source if held else "", draft.text),
        "zone_name": times.zone_name,
        "effective": field_value(draft.effective_from, desk.zone),
        "earliest": next_minute(request.now, desk.zone),
        "holds_from": times.optional(draft.effective_from),
        "remark": draft.remark,
    }
    seen = seen_of(draft)
    if seen is None:
        return context | {"modes": modes(None, mode), "seen": None}
    latest = latest_number(desk)
    prepared = prepare(draft.text, request.now, until=draft.effective_from)
    return (
        context
        | {
            "seen": seen,
            "looked": times.when(seen.at),
            "is_stale": latest != seen.after or prepared.digest != seen.digest,
            "latest": latest,
            "modes": modes(seen.effect, mode),
            "told": in_words(document_of(held.pk), prepared.plain) if held else [],
            "closed_days": closed_days(prepared.policy, request.now),
            "lost": told_lost(seen.effect.lost) if seen.effect and mode is not Mode.pin else "",
            "findings": prepared.report.findings,
            "examples_run": prepared.report.examples_run,
            "next_number": latest + 1,
        }
        | moves(request, seen.effect, mode, times)
    )


def _said(outcome: Outcome, seen: Seen, desk: Desk, now: datetime) -> str:
    """What was done, and where it was not quite what was looked at."""
    version, times = outcome.version, Times(desk.zone, now)
    if not outcome.is_new:
        return _("This is version %(number)s, which is in force already. Nothing was published.") % {
            "number": version.number
        }
    said = {"number": version.number, "from": times.when(version.effective_from).text}
    if version.effective_from > now:
        words = _("Version %(number)s is published and holds from %(from)s on.") % said
    else:
        words = _("Version %(number)s is published and in force.") % said
    counts = outcome.counts
    if not counts:
        return words
    tickets = counts["tickets"]
    follow = ngettext("%(count)s open ticket follows it", "%(count)s open tickets follow it", tickets)
    moved = _("%(earlier)s due times earlier, %(later)s later, %(breached)s newly breached") % counts
    words = f"{words} {follow % {'count': tickets}}: {moved}."
    before = seen.effect.counts(Mode(version.mode)) if seen.effect else counts
    if before != counts:
        words += (
            " "
            + _("Tickets have moved on since you looked: it was %(earlier)s, %(later)s and %(breached)s.")
            % before
        )
    return words
