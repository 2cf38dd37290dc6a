"""The addresses of changing who asked."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
