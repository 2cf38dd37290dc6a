"""The addresses of all pages."""

from django.urls import include, path, register_converter

from upheld.web.agent import acts, files
from upheld.web.agent.queue import queue
from upheld.web.agent.ticket import ticket
from upheld.web.converters import TicketNumber
from upheld.web.home import home
from upheld.web.theme import theme

register_converter(TicketNumber, "number")

urlpatterns = [
    path("", home, name="home"),
    path("theme/", theme, name="theme"),
    path("tickets/", queue, name="queue"),
    path("tickets/<number:number>/", ticket, name="ticket"),
    path("tickets/<number:number>/reply/", acts.reply, name="reply"),
    path("tickets/<number:number>/note/", acts.note, name="note"),
    path("tickets/<number:number>/status/", acts.status, name="set_status"),
    path("tickets/<number:number>/priority/", acts.priority, name="set_priority"),
    path("tickets/<number:number>/assignee/", acts.assignee, name="assign"),
    path("tickets/<number:number>/messages/<int:message_id>/release/", acts.release, name="release_message"),
    path("attachments/<int:attachment_id>/<str:name>", files.attachment, name="attachment"),
    path("messages/<int:message_id>/html", files.formatted_message, name="formatted_message"),
    path("", include("upheld.web.portal.urls")),
]
