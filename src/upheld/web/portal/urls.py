"""The addresses of the portal, all under the name `portal:`."""

from django.urls import include, path

from upheld.web.portal import (
    by_link,
    contact,
    does_it_work,
    everything_is_down,
    front,
    further,
    held,
    informing,
    large_files,
    look,
    me,
    mine,
    policy,
    submitting,
    zones,
)

_pages = [
    path("help/", front.desks, name="desks"),
    path("help/<slug:slug>/", front.start, name="start"),
    path("help/<slug:slug>/follow/", front.follow, name="follow"),
    path("help/<slug:slug>/contact/", contact.contact, name="contact"),
    path("help/<slug:slug>/policy/", policy.policy, name="policy"),
    path("help/<slug:slug>/look-<slug:digest>.css", look.look, name="look"),
    path("help/<slug:slug>/requests/new/", submitting.new, name="new"),
    path("help/<slug:slug>/requests/held/", held.held, name="held"),
    path("help/<slug:slug>/requests/sent/<str:receipt>/", submitting.sent, name="sent"),
    path("r/<str:token>/", by_link.request_page, name="link"),
    path("r/<str:token>/files/<int:attachment_id>/<str:name>", by_link.file, name="link_file"),
    path("r/<str:token>/urgent/", everything_is_down.by_link, name="link_urgent"),
    path("requests/<number:number>/urgent/", everything_is_down.by_account, name="request_urgent"),
    path("r/<str:token>/works/", does_it_work.works_by_link, name="link_works"),
    path("requests/<number:number>/works/", does_it_work.works_by_account, name="request_works"),
    path("r/<str:token>/still-broken/", does_it_work.broken_by_link, name="link_broken"),
    path("requests/<number:number>/still-broken/", does_it_work.broken_by_account, name="request_broken"),
    path("r/<str:token>/further/", further.by_link, name="link_further"),
    path("requests/<number:number>/further/", further.by_account, name="request_further"),
    path("r/<str:token>/information/", informing.by_link, name="link_information"),
    path("requests/<number:number>/information/", informing.by_account, name="request_information"),
    path("files/<str:token>/", large_files.file, name="large_file"),
    path("me/", me.me, name="me"),
    path("requests/", mine.requests, name="mine"),
    path("requests/<number:number>/", mine.request_page, name="request"),
    path("requests/<number:number>/files/<int:attachment_id>/<str:name>", mine.file, name="request_file"),
    path("zone/", zones.zone, name="zone"),
]

urlpatterns = [
    # Where the start page of the whole program sends everybody who is not at work here.
    path("welcome/", front.welcome, name="portal"),
    path("", include((_pages, "portal"))),
]
