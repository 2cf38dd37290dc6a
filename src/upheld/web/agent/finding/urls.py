"""The addresses of the command bar and of the sheet of shortcuts."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
