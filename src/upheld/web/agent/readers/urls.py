"""The addresses of who reads a ticket."""

from django.urls import path

from upheld.web.agent.readers import deeds, page

urlpatterns = [
    path("", page.readers, name="readers"),
    path("restrict/", deeds.restrict, name="restrict_ticket"),
    path("add/", deeds.add, name="add_reader"),
    path("<int:agent_id>/take-out/", deeds.take_out, name="put_out_reader"),
    path("lift/", deeds.lift, name="lift_restriction"),
]
