"""The addresses of writing: drafts, files on their way, previews, saved replies, and taking back."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
