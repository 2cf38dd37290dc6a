"""The addresses of handing over and working together."""

from django.urls import path

from upheld.web.agent.escalation import deeds
from upheld.web.agent.escalation.page import escalation

urlpatterns = [
    path("escalation/", escalation, name="escalation"),
    path("hand-over/", deeds.hand_over, name="hand_over"),
    path("join/", deeds.join, name="join_ticket"),
    path("ask/", deeds.ask, name="ask_colleague"),
    path("together/<int:agent_id>/leave/", deeds.leave, name="leave_ticket"),
]
