"""The lab's own pages. `config.urls` loads this file in a lab and nowhere else."""

from django.urls import path

from upheld.lab.watch.pages import leap, speed, watch

urlpatterns = [
    path("lab/", watch, name="lab"),
    path("lab/speed/", speed, name="lab_speed"),
    path("lab/leap/", leap, name="lab_leap"),
]
