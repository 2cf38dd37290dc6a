"""The addresses of the command bar."""

from django.urls import path

from upheld.web.agent.finding.pages import find, suggest

urlpatterns = [
    path("find/", find, name="find"),
    path("find/suggestions/", suggest, name="find_suggestions"),
]
