"""The addresses of macros."""

from django.urls import path

from upheld.web.agent.macros import desk, on_ticket

urlpatterns = [
    path("tickets/<number:number>/macro/", on_ticket.look, name="look_at_macro"),
    path("tickets/<number:number>/macro/run/", on_ticket.run, name="run_macro"),
    path("desk/<slug:slug>/macros/", desk.desk_macros, name="desk_macros"),
    path("desk/<slug:slug>/macros/new/", desk.new_macro, name="new_macro"),
    path("desk/<slug:slug>/macros/<int:macro_id>/", desk.one_macro, name="one_macro"),
    path("desk/<slug:slug>/macros/<int:macro_id>/remove/", desk.remove_macro, name="remove_macro"),
]
