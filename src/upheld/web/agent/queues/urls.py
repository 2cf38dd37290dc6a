"""The addresses of searching the queue, and of the queues that are kept by name."""

from django.urls import path

from upheld.web.agent.queues import pages
from upheld.web.agent.queues.suggest import suggest

urlpatterns = [
    path("queues/", pages.all_queues, name="queues"),
    path("queues/new/", pages.new_queue, name="new_queue"),
    path("queues/suggest/", suggest, name="suggest_search"),
    path("queues/<int:queue_id>/", pages.one_queue, name="change_queue"),
    path("queues/<int:queue_id>/move/", pages.move, name="move_queue"),
    path("queues/<int:queue_id>/delete/", pages.delete, name="delete_queue"),
]
