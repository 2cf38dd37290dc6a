"""What the story says of tags, the desk's own fields and side conversations, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from upheld.tickets.models import StoryEvent


def label_words(event: StoryEvent) -> str:
    """What somebody did with tags or with a field of the desk's own."""
    data = event.data
    names = {"names": ", ".join(data.get("names", ())), "source": data.get("source")}
    match event.kind:
        case "tagged" if data.get("source"):
            return _("tagged it %(names)s, as %(source)s was") % names
        case "tagged":
            return _("tagged it %(names)s") % names
        case "untagged":
            return _("took the tags off: %(names)s") % names
    said = {"field": data.get("label"), "value": data.get("to")}
    if data.get("to"):
        return _("set %(field)s to %(value)s") % said
    return _("emptied %(field)s") % said


def side_words(data: Mapping[str, Any]) -> str:
    """What happened in a side conversation."""
    said = {"name": data.get("with"), "subject": data.get("subject")}
    match data.get("what"):
        case "opened":
            return _("wrote to %(name)s aside: %(subject)s") % said
        case "wrote":
            return _("wrote to %(name)s aside again: %(subject)s") % said
        case "answered":
            return _("answered aside: %(subject)s") % said
        case "machine":
            return _("a machine answered aside for %(name)s: %(subject)s") % said
        case "closed":
            return _("closed the side conversation with %(name)s: %(subject)s") % said
    return _("opened the side conversation with %(name)s again: %(subject)s") % said


def requester_words(data: Mapping[str, Any]) -> str:
    """Who asked now, and what became of who it was before."""
    said = {"name": data.get("to"), "before": data.get("before")}
    if data.get("kept"):
        return _("made %(name)s who asked; %(before)s goes on taking part") % said
    return _("made %(name)s who asked; %(before)s was put out") % said
