"""The addresses of changing many tickets at once."""

from django.urls import path

from upheld.web.agent.bulk import deed

urlpatterns = [
    path("tickets/many/", deed.change_many, name="change_many"),
    path("tickets/many/<int:press_id>/", deed.outcome, name="many_outcome"),
]
