"""The addresses of saved queues, and of completing what is typed into the search."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
