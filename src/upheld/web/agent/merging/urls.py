"""The addresses of merging tickets."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
