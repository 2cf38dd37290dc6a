from django.apps import AppConfig
from django.core.signals import request_started

from upheld.web.middleware.odd import plain_content_type


class WebConfig(AppConfig):
    name = "upheld.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        request_started.connect(plain_content_type)
