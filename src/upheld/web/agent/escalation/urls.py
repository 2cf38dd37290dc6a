"""The addresses of handing over and working together."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
