"""The addresses of changing who asked."""

from django.urls import path

from upheld.web.agent.requester.page import change

urlpatterns = [path("tickets/<number:number>/requester/", change, name="change_requester")]
