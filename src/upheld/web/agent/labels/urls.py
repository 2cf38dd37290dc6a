"""The addresses of tags and of the desk's own fields."""

from django.urls import path

from upheld.web.agent.labels import deeds, desk

_TAG, _FIELD = "desk/labels/<slug:slug>/tags/<int:tag_id>", "desk/labels/<slug:slug>/fields/<int:field_id>"

urlpatterns = [
    path("tickets/<number:number>/tags/", deeds.tag, name="tag_ticket"),
    path("tickets/<number:number>/tags/off/", deeds.untag, name="untag_ticket"),
    path("tickets/<number:number>/tags/known/", deeds.known_tags, name="known_tags"),
    path("tickets/<number:number>/own-fields/", deeds.own_fields, name="own_fields"),
    path("desk/labels/", desk.labels, name="labels"),
    path("desk/labels/<slug:slug>/", desk.labels_of_desk, name="labels_of_desk"),
    path(f"{_TAG}/rename/", desk.rename, name="rename_tag"),
    path(f"{_TAG}/merge/", desk.merge, name="merge_tag"),
    path(f"{_TAG}/delete/", desk.delete, name="delete_tag"),
    path("desk/labels/<slug:slug>/fields/", desk.add_field, name="add_own_field"),
    path(f"{_FIELD}/", desk.change_field, name="change_own_field"),
    path(f"{_FIELD}/move/", desk.move_field, name="move_own_field"),
    path(f"{_FIELD}/retire/", desk.retire_field, name="retire_own_field"),
    path(f"{_FIELD}/bring-back/", desk.bring_back_field, name="bring_back_own_field"),
]
