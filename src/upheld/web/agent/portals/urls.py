"""The addresses of the pages about portals."""

from django.urls import include, path

from upheld.web.agent.portals import pages, preview

_of_a_portal = [
    path("", pages.one_portal, name="portal_settings"),
    path("move/", pages.move, name="portal_move"),
    path("remove/", pages.remove, name="portal_remove"),
]
urlpatterns = [
    path("", pages.portals, name="portals"),
    path("<slug:slug>/", pages.portals_of_desk, name="portals_of_desk"),
    path("<slug:slug>/new/", pages.new_portal, name="portal_new"),
    path("<slug:slug>/preview/", preview.preview, name="portal_preview"),
    path("<slug:slug>/look.css", preview.look, name="portal_look"),
    path("<slug:slug>/<int:portal_id>/", include(_of_a_portal)),
]
