"""The addresses of merging tickets."""

from django.urls import path

from upheld.web.agent.merging import deeds, preview

urlpatterns = [
    path("merge/", preview.merge, name="merge_ticket"),
    path("unmerge/", deeds.unmerge, name="unmerge_ticket"),
]
