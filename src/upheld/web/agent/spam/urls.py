"""The addresses of spam, and of the rules about its senders."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
