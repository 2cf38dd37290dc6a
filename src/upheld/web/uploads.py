"""Files that somebody sends with a form."""

from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from upheld.tickets.actions import Refused
from upheld.tickets.incoming import NewFile


def uploaded_files(request: HttpRequest, field: str = "files") -> tuple[NewFile, ...]:
    """The files of a form; raises Refused when one is too large. Their names and types are the sender's claims."""
    given = request.FILES.getlist(field)
    for file in given:
        if file.size > settings.ATTACHMENT_SIZE_LIMIT:
            raise Refused(
                _("“%(name)s” is larger than %(most)s. Send it another way, or in parts.")
                % {"name": file.name, "most": filesizeformat(settings.ATTACHMENT_SIZE_LIMIT)}
            )
    return tuple(NewFile(file.name or "", file.content_type or "", file.read()) for file in given)
