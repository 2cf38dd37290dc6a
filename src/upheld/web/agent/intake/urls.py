"""The addresses of what agents do about a ticket's intake."""

from django.urls import path

from upheld.web.agent.intake import deeds, splitting

urlpatterns = [
    path("information/", deeds.fill_in, name="fill_in_information"),
    path("information/ask/", deeds.ask, name="ask_information"),
    path("information/waive/", deeds.waive, name="waive_information"),
    path("information/store/", deeds.store, name="store_information"),
    path("links/", deeds.link, name="link_tickets"),
    path("links/<int:link_id>/remove/", deeds.unlink, name="unlink_tickets"),
    path("split/", splitting.split, name="split_ticket"),
    path("out-of-scope/", deeds.out_of_scope, name="close_out_of_scope"),
]
