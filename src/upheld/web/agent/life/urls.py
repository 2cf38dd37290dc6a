"""The addresses of what is promised in the course of a ticket."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
