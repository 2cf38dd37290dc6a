"""The addresses of alerts."""

from django.urls import path

from upheld.web.agent.alerts import choices, page

urlpatterns = [
    path("", page.alerts, name="alerts"),
    path("read/", page.read, name="read_alerts"),
    path("hours/", choices.hours, name="choose_alert_hours"),
    path("ways/", choices.ways, name="choose_alert_ways"),
    path("addresses/", choices.add_address, name="add_alert_address"),
    path("addresses/<int:address_id>/test/", choices.try_address, name="try_alert_address"),
    path("addresses/<int:address_id>/turn/", choices.turn_address, name="turn_alert_address"),
    path("addresses/<int:address_id>/remove/", choices.remove_address, name="remove_alert_address"),
]
