"""The demo's own pages, which a lab has as well. `config.urls` loads this file there and nowhere else."""

from django.urls import path

from upheld.lab.entry import enter
from upheld.lab.outbox import outbox_html, outbox_list, outbox_page
from upheld.lab.tour import tour

urlpatterns = [
    path("demo/enter/<str:person>/<str:token>/", enter, name="demo_enter"),
    path("tour/", tour, name="tour"),
    path("outbox/", outbox_list, name="outbox"),
    path("outbox/<int:notice_id>/", outbox_page, name="outbox_mail"),
    path("outbox/<int:notice_id>/html", outbox_html, name="outbox_html"),
]
