"""Forget what nobody goes on writing, and what was pressed long ago."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from upheld.tickets.files import forget_draft_files
from upheld.tickets.models import Draft, DraftFile, Press

DRAFTS_FOR = timedelta(days=90)
# What was sent stands in the thread, and what was refused is a draft.
PRESSES_FOR = timedelta(days=7)
_AT_ONCE = 500


@transaction.atomic
def sweep_drafts(now: datetime) -> None:
    """Remove drafts that nobody has touched for long, presses that are over, and the files of both."""
    old = Draft.objects.filter(updated_at__lt=now - DRAFTS_FOR).order_by("pk")
    drafts = list(old.values_list("pk", flat=True)[:_AT_ONCE])
    over = (
        Press.objects.exclude(state=Press.State.WAITING).filter(done_at__lt=now - PRESSES_FOR).order_by("pk")
    )
    presses = list(over.values_list("pk", flat=True)[:_AT_ONCE])
    lost = Q(draft=None, press=None, uploaded_at__lt=now - PRESSES_FOR)
    forget_draft_files(DraftFile.objects.filter(Q(draft__in=drafts) | Q(press__in=presses) | lost))
    Draft.objects.filter(pk__in=drafts).delete()
    Press.objects.filter(pk__in=presses).delete()
