"""The addresses of the pages on which a desk is administered."""

from django.urls import include, path

from upheld.web.agent.desk import (
    about,
    absences,
    audit,
    auditors,
    mailboxes,
    opening,
    overview,
    proof,
    readers,
    roles,
    staff,
    teams,
)

_of_the_staff = [
    path("", staff.section.view, name="desk_staff"),
    path("add/", staff.add, name="add_staff"),
    path("<int:agent_id>/right/", staff.right, name="change_right"),
    path("<int:agent_id>/zone/", staff.zone, name="set_staff_zone"),
    path("<int:agent_id>/sign-in/", staff.sign_in, name="set_sign_in"),
    path("<int:agent_id>/off/", staff.off, name="take_off_desk"),
]
_of_teams = [
    path("", teams.section.view, name="desk_teams"),
    path("add/", teams.add, name="add_team"),
    path("<int:team_id>/", teams.change, name="change_team"),
    path("<int:team_id>/dissolve/", teams.dissolve, name="dissolve_team"),
]
_of_roles = [
    path("", roles.section.view, name="desk_roles"),
    path("fill/", roles.fill, name="fill_role"),
    path("<int:holder_id>/clear/", roles.clear, name="clear_role"),
]
_of_absences = [
    path("", absences.section.view, name="desk_absences"),
    path("enter/", absences.enter, name="enter_absence"),
    path("<int:absence_id>/strike/", absences.strike, name="strike_absence"),
]
_of_readers = [
    path("", readers.readers, name="desk_readers"),
    path("name/", readers.name, name="name_reader"),
    path("<int:agent_id>/take-out/", readers.take_out, name="take_out_reader"),
]
_of_auditors = [
    path("", auditors.section.view, name="desk_auditors"),
    path("name/", auditors.name, name="name_auditor"),
    path("<int:agent_id>/strike/", auditors.strike, name="strike_auditor"),
]
_of_mailboxes = [
    path("", mailboxes.section.view, name="desk_mailboxes"),
    path("add/", mailboxes.add, name="add_mailbox"),
    path("<int:mailbox_id>/", mailboxes.change, name="change_mailbox"),
    path("<int:mailbox_id>/default/", mailboxes.default, name="default_mailbox"),
]
_of_a_desk = [
    path("", overview.section.view, name="desk"),
    path("about/", about.section.view, name="desk_about"),
    path("about/change/", about.change, name="change_desk"),
    path("staff/", include(_of_the_staff)),
    path("teams/", include(_of_teams)),
    path("roles/", include(_of_roles)),
    path("absences/", include(_of_absences)),
    path("readers/", include(_of_readers)),
    path("auditors/", include(_of_auditors)),
    path("mailboxes/", include(_of_mailboxes)),
    path("proof/", proof.section.view, name="desk_proof"),
    path("proof/verify/", proof.verify, name="verify_desk"),
    path("audit/", audit.section.view, name="desk_audit"),
]
urlpatterns = [
    path("", overview.desks, name="desk_settings"),
    path("new/", opening.new_desk, name="new_desk"),
    path("<slug:slug>/", include(_of_a_desk)),
]
