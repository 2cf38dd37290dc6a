"""All addresses of the program."""

from importlib import import_module

from django.conf import settings
from django.urls import include, path

from upheld.config.metrics import metrics

urlpatterns = [
    path("metrics", metrics, name="metrics"),
    path("accounts/", include("upheld.web.sign_in.urls")),
    path("", include("upheld.web.urls")),
]

if settings.DEMO:
    # The demo's sign-in links and its outbox: not even loaded anywhere else.
    urlpatterns += import_module("upheld.lab.urls").urlpatterns

if settings.LAB:
    urlpatterns += import_module("upheld.lab.watch.urls").urlpatterns

handler400 = "upheld.web.errors.bad_request"
handler403 = "upheld.web.errors.forbidden"
handler404 = "upheld.web.errors.not_found"
handler500 = "upheld.web.errors.server_error"
