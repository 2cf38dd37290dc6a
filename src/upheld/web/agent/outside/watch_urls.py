"""The address of the watch list."""

from django.urls import path

from upheld.web.agent.outside.watch import watch_list

urlpatterns = [path("", watch_list, name="watch_list")]
