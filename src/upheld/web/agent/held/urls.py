"""The addresses of the pages about held requests."""

from django.urls import path

from upheld.web.agent.held import decisions
from upheld.web.agent.held.lists import held_list
from upheld.web.agent.held.one_request import formatted_held, held_file, held_request

urlpatterns = [
    path("", held_list, name="held_requests"),
    path("<int:held_id>/", held_request, name="held_request"),
    path("<int:held_id>/messages/<int:message_id>/html", formatted_held, name="formatted_held"),
    path("<int:held_id>/files/<int:file_id>/<str:name>", held_file, name="held_file"),
    path("<int:held_id>/admit/contract/", decisions.admit_by_contract, name="admit_by_contract"),
    path("<int:held_id>/admit/reason/", decisions.admit_with_reason, name="admit_with_reason"),
    path("<int:held_id>/admit/", decisions.admit_now, name="admit_now"),
    path("<int:held_id>/decline/", decisions.decline, name="decline_held"),
]
