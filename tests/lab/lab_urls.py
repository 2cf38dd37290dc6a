"""The program's addresses as a lab has them."""

from lab.demo_urls import handler400, handler403, handler404, handler500
from lab.demo_urls import urlpatterns as as_in_a_demo
from upheld.lab.watch.urls import urlpatterns as lab_only

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*as_in_a_demo, *lab_only]
