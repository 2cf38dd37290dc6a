"""The addresses of figures about tiers."""

from django.urls import path

from upheld.web.agent.escalation.tiers import tiers

urlpatterns = [path("", tiers, name="tier_times")]
