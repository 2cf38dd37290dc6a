"""The addresses of changing many tickets at once."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
