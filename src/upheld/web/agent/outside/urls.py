"""The addresses of third parties and outside work on a ticket."""

from django.urls import path

from upheld.web.agent.outside import deeds

urlpatterns = [
    path("third-party/", deeds.watch, name="watch_third_party"),
    path("third-party/change/", deeds.change, name="change_third_party"),
    path("third-party/works-again/", deeds.works_again, name="third_party_works_again"),
    path("third-party/give-up/", deeds.give_up, name="give_up_third_party"),
    path("outside-work/", deeds.add_work, name="add_outside_work"),
    path("outside-work/<int:work_id>/", deeds.change_work, name="change_outside_work"),
    path("outside-work/<int:work_id>/remove/", deeds.remove_work, name="remove_outside_work"),
]
