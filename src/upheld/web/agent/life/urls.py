"""The addresses of what is promised in the course of a ticket."""

from django.urls import path

from upheld.web.agent.life import deeds

urlpatterns = [
    path("promise/", deeds.promise, name="promise_update"),
    path("status/effect/", deeds.effect_of_status, name="status_effect"),
    path("priority/effect/", deeds.effect_of_priority, name="priority_effect"),
]
