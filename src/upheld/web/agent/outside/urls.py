"""The addresses of third parties and outside work on a ticket."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
