"""The addresses of the pages of customers."""

from django.urls import include, path

from upheld.web.agent.customers import (
    affiliations,
    contact,
    contact_forms,
    lists,
    merging,
    organization,
    organization_forms,
    sites,
)

_of_a_contact = [
    path("", contact.contact, name="contact"),
    path("change/", contact_forms.change, name="change_contact"),
    path("address/", contact_forms.address, name="change_contact_address"),
    path("organizations/", affiliations.join, name="join_organization"),
    path("merge/", merging.merge, name="merge_contact"),
]
_of_an_organization = [
    path("", organization.organization, name="organization"),
    path("change/", organization_forms.change, name="change_organization"),
    path("people/", affiliations.add_person, name="add_person"),
    path("people/<int:contact_id>/", affiliations.change_person, name="change_person"),
    path("domains/", organization_forms.add_domain, name="add_domain"),
    path("domains/<int:domain_id>/remove/", organization_forms.remove_domain, name="remove_domain"),
    path("partners/", organization_forms.add_partner, name="add_partner"),
    path("partners/<int:partnership_id>/", organization_forms.change_partner, name="change_partner"),
    path("sites/new/", sites.new_site, name="new_site"),
    path("sites/<int:site_id>/", sites.change_site, name="site"),
    path("sites/<int:site_id>/remove/", sites.remove_site, name="remove_site"),
]
urlpatterns = [
    path("", lists.customers, name="customers"),
    path("contacts/new/", contact_forms.new_contact, name="new_contact"),
    path("contacts/<int:contact_id>/", include(_of_a_contact)),
    path("organizations/new/", organization_forms.new_organization, name="new_organization"),
    path("organizations/<int:organization_id>/", include(_of_an_organization)),
]
