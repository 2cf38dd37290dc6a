"""Which tags and fields a desk has, as somebody may know of them."""

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower

from upheld.tickets.models import CustomField, CustomValue, Tag, Tagged
from upheld.tickets.visibility import AgentViewer, visible_tickets


def known_tags(viewer: AgentViewer) -> QuerySet[Tag]:
    """Return the tags of an agent's desks, by name. A tag that is only on tickets of which the agent may not know is
    one of which they do not know either."""
    here = Tagged.objects.filter(tag=OuterRef("pk"))
    known = Exists(here.filter(ticket_id__in=visible_tickets(viewer).values("pk"))) | ~Exists(here)
    return Tag.objects.filter(known, desk_id__in=viewer.desk_ids).order_by(Lower("name"), "pk")


def visible_tags(viewer: AgentViewer, desk_id: int) -> QuerySet[Tag]:
    """Return the known tags of one desk with how many of the tickets that the agent may see bear them (`count`)."""
    here = Tagged.objects.filter(tag=OuterRef("pk"), ticket_id__in=visible_tickets(viewer).values("pk"))
    counted = here.order_by().values("tag").annotate(n=Count("pk")).values("n")
    return known_tags(viewer).filter(desk_id=desk_id).annotate(count=Coalesce(Subquery(counted), 0))


def visible_fields(viewer: AgentViewer, desk_id: int) -> QuerySet[CustomField]:
    """Return a desk's own fields with on how many of the tickets that an agent may see something stands in them
    (`count`), in their order; those in use before those that are retired."""
    seen = visible_tickets(viewer).filter(desk_id=desk_id).values("pk")
    here = CustomValue.objects.filter(field=OuterRef("pk"), ticket_id__in=seen)
    counted = here.order_by().values("field").annotate(n=Count("pk")).values("n")
    fields = CustomField.objects.filter(desk_id=desk_id).annotate(count=Coalesce(Subquery(counted), 0))
    return fields.order_by(F("retired_at").asc(nulls_first=True), "position", "pk")
