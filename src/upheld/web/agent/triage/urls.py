"""The addresses of a ticket's triage."""

from django.urls import path

from upheld.web.agent.triage.about import about
from upheld.web.agent.triage.classify import classify

urlpatterns = [
    path("tickets/<number:number>/about/", about, name="about_ticket"),
    path("tickets/<number:number>/classify/", classify, name="classify_ticket"),
]
