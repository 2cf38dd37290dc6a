"""The addresses of side conversations: mail to somebody else about a ticket."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
