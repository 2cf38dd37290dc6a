"""The addresses of putting tickets off."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
