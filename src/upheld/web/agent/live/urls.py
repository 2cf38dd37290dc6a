"""The addresses of what is live: the stream, presence, and what pages ask when something changed."""

from django.urls import path

from upheld.web.agent.live import bell, browser, fresh, presence
from upheld.web.stream.door import events

urlpatterns = [
    path("events/", events, name="events"),
    path("alerts/unread/", bell.unread, name="unread_alerts"),
    path("alerts/unread/read/", bell.read, name="read_in_bell"),
    path("alerts/new/", bell.new, name="new_alerts"),
    path("alerts/browser/", browser.choose, name="choose_browser_alerts"),
    path("tickets/<number:number>/fresh/", fresh.fresh, name="fresh_ticket"),
    path("tickets/<number:number>/present/", presence.at_ticket, name="at_ticket"),
]
