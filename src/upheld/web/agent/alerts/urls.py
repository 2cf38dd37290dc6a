"""The addresses of alerts."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
