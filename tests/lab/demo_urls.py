"""The program's addresses as a demo has them."""

from upheld.config.urls import (
    handler400,
    handler403,
    handler404,
    handler500,
)
from upheld.config.urls import urlpatterns as every_desk
from upheld.lab.urls import urlpatterns as demo_only

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*every_desk, *demo_only]
