"""The addresses of figures about tiers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
