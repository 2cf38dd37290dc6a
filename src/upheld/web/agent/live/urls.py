"""The addresses of what is live: presence, and what polls ask where no stream is to be had."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
