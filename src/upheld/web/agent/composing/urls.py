"""The addresses of writing: drafts, files on their way, previews, saved replies, and taking back."""

from django.urls import path

from upheld.web.agent.composing import deeds, drafts_page, saved, signing, taking_back

urlpatterns = [
    path("presses/", taking_back.presses, name="presses"),
    path("presses/<int:press_id>/undo/", taking_back.take_back, name="take_back"),
    path("presses/<int:press_id>/now/", taking_back.hurry, name="hurry"),
    path("preferences/signature/", signing.choose_signature, name="choose_signature"),
    path("drafts/", drafts_page.drafts, name="drafts"),
    path("tickets/<number:number>/draft/", deeds.keep_draft, name="keep_draft"),
    path("tickets/<number:number>/draft/discard/", deeds.discard_draft, name="discard_draft"),
    path("tickets/<number:number>/files/", deeds.add_files, name="add_draft_files"),
    path("tickets/<number:number>/files/remove/", deeds.remove_file, name="remove_draft_file"),
    path("tickets/<number:number>/preview/", deeds.preview, name="preview_reply"),
    path("tickets/<number:number>/people/", deeds.people, name="people_to_name"),
    path("tickets/<number:number>/saved/", saved.offered_replies, name="offered_replies"),
    path("desk/<slug:slug>/replies/", saved.desk_replies, name="desk_replies"),
    path("desk/<slug:slug>/replies/save/", saved.save_reply, name="save_reply"),
    path("desk/<slug:slug>/replies/remove/", saved.remove_reply, name="remove_saved_reply"),
]
