"""The addresses of side conversations: mail to somebody else about a ticket."""

from django.urls import path

from upheld.web.agent.side import deeds, pages

_ONE = "tickets/<number:number>/side/<int:side_id>"

urlpatterns = [
    path("tickets/<number:number>/side/new/", pages.new_side, name="new_side"),
    path("tickets/<number:number>/side/", deeds.open_side, name="open_side"),
    path(f"{_ONE}/", pages.one_side, name="one_side"),
    path(f"{_ONE}/write/", deeds.write_side, name="write_side"),
    path(f"{_ONE}/close/", deeds.close_side, name="close_side"),
    path(f"{_ONE}/reopen/", deeds.reopen_side, name="reopen_side"),
]
