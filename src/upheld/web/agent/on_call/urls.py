"""The addresses of rotas and pages."""

from django.urls import include, path

from upheld.web.agent.on_call import deeds
from upheld.web.agent.on_call.acknowledging import acknowledge
from upheld.web.agent.on_call.feed import own_rota_feed, rota_feed
from upheld.web.agent.on_call.lists import new_rota, rotas
from upheld.web.agent.on_call.page import page

_of_a_rota = [
    path("", deeds.rota, name="rota"),
    path("change/", deeds.change, name="change_rota"),
    path("members/", deeds.arrange, name="arrange_rota"),
    path("take/", deeds.take, name="take_shift"),
    path("swaps/<int:swap_id>/back/", deeds.give_back, name="give_shift_back"),
    path("feed/", deeds.renew_feed, name="renew_rota_feed"),
    path("remove/", deeds.remove, name="remove_rota"),
]
urlpatterns = [
    path("desk/rotas/", rotas, name="rotas"),
    path("desk/rotas/new/<slug:slug>/", new_rota, name="new_rota"),
    path("desk/rotas/<int:rota_id>/", include(_of_a_rota)),
    path("rotas/<int:rota_id>/<str:token>.ics", rota_feed, name="rota_feed"),
    path("rotas/<int:rota_id>/<int:agent_id>/<str:token>.ics", own_rota_feed, name="own_rota_feed"),
    path("pages/<str:token>/", page, name="page"),
    path("tickets/<number:number>/pages/<int:page_id>/acknowledge/", acknowledge, name="acknowledge_page"),
]
