"""The addresses of the watch list."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
