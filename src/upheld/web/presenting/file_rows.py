"""Files of messages, as a conversation shows them: a small picture, the first lines, or what they are."""

from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from upheld.tickets.models import Attachment
from upheld.web.pictures import DRAWN, LARGEST_FILE
from upheld.web.text_files import ENDINGS

_ICONS = {
    "file-text": (".pdf", ".doc", ".docx", ".odt", ".rtf", *ENDINGS),
    "file-spreadsheet": (".xls", ".xlsx", ".ods"),
    "file-archive": (".zip", ".gz", ".tar", ".7z", ".rar"),
    "image": (".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".bmp", ".tif", ".tiff"),
}


@dataclass(frozen=True, slots=True)
class FileView:
    """`picture` and `beginning` are where it can be seen; empty where it can only be downloaded."""

    url: str
    name: str
    size: str
    icon: str = "paperclip"
    picture: str = ""
    beginning: str = ""


def file_view(attachment: Attachment) -> FileView:
    """What its sender said of a file chooses how it is offered; what its bytes are decides what is shown."""
    name = attachment.name.lower()
    is_picture = attachment.content_type in DRAWN and attachment.size <= LARGEST_FILE
    is_text = not is_picture and name.endswith(ENDINGS)
    return FileView(
        url=reverse("attachment", args=[attachment.pk, attachment.name]),
        name=attachment.name,
        size=filesizeformat(attachment.size),
        icon=next((icon for icon, endings in _ICONS.items() if name.endswith(endings)), "paperclip"),
        picture=reverse("file_picture", args=[attachment.pk]) if is_picture else "",
        beginning=reverse("file_beginning", args=[attachment.pk]) if is_text else "",
    )
