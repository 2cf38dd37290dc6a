"""The addresses of macros."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
