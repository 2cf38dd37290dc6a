"""The addresses of putting tickets off."""

from django.urls import path

from upheld.web.agent.snoozing import deeds

urlpatterns = [
    path("tickets/<number:number>/snooze/", deeds.snooze, name="snooze_ticket"),
    path("tickets/<number:number>/wake/", deeds.wake, name="wake_ticket"),
]
