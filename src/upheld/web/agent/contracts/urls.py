"""The addresses of the pages of contracts."""

from django.urls import include, path

from upheld.web.agent.contracts import forms, lists, one

_of_a_contract = [
    path("", one.contract, name="contract"),
    path("change/", forms.change, name="change_contract"),
    path("renew/", forms.renew, name="renew_contract"),
    path("end/", one.end, name="end_contract"),
]
urlpatterns = [
    path("", lists.contracts, name="contracts"),
    path("new/", forms.choose, name="new_contract"),
    path("new/<int:organization_id>/", forms.sign, name="sign_contract"),
    path("<int:contract_id>/", include(_of_a_contract)),
]
