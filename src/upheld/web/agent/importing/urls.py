"""The addresses of the page for importing."""

from django.urls import path

from upheld.web.agent.importing.page import import_page, template

urlpatterns = [
    path("", import_page, name="import_customers"),
    path("<slug:kind>.csv", template, name="import_template"),
]
