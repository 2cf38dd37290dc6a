"""The addresses of rotas and pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
