"""The addresses of calls and of tickets that begin with the desk."""

from django.urls import path

from upheld.web.agent.calls.new_call import new_call
from upheld.web.agent.calls.new_ticket import new_ticket
from upheld.web.agent.calls.on_ticket import log_call
from upheld.web.agent.calls.taken import admit, taken

urlpatterns = [
    path("calls/new/", new_call, name="new_call"),
    path("calls/taken/", taken, name="call_taken"),
    path("calls/held/<int:held_id>/admit/", admit, name="admit_from_call"),
    path("tickets/new/", new_ticket, name="new_ticket"),
    path("tickets/<number:number>/call/", log_call, name="log_call"),
]
