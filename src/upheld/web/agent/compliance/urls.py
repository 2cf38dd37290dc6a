"""The addresses of the figures, under reports/."""

from django.urls import path

from upheld.web.agent.compliance.lists import clocks, pauses
from upheld.web.agent.compliance.page import compliance

urlpatterns = [
    path("compliance/", compliance, name="compliance"),
    path("compliance/clocks/", clocks, name="compliance_clocks"),
    path("compliance/pauses/", pauses, name="compliance_pauses"),
]
