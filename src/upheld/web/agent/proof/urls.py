"""The addresses of the proof."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
