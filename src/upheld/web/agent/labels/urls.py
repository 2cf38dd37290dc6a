"""The addresses of tags and of the desk's own fields."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
