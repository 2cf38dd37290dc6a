"""The addresses of spam, and of the rules about its senders."""

from django.urls import path

from upheld.web.agent.spam import deeds, senders

urlpatterns = [
    path("tickets/<number:number>/spam/", deeds.spam, name="mark_spam"),
    path("tickets/<number:number>/not-spam/", deeds.not_spam, name="unmark_spam"),
    path("desk/senders/", senders.senders, name="senders"),
    path("desk/senders/<slug:slug>/", senders.senders_of_desk, name="senders_of_desk"),
    path("desk/senders/<slug:slug>/add/", senders.add_sender, name="add_sender"),
    path("desk/senders/<slug:slug>/<int:rule_id>/remove/", senders.remove_sender, name="remove_sender"),
]
