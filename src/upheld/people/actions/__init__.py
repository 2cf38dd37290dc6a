"""Every write to people, one file an intention."""

from upheld.people.actions.absences import enter_absence, strike_absence
from upheld.people.actions.add_agent import add_agent
from upheld.people.actions.add_caller import find_or_add_caller
from upheld.people.actions.add_contact import add_contact
from upheld.people.actions.add_domain import add_domain
from upheld.people.actions.add_organization import add_organization
from upheld.people.actions.add_site import add_site
from upheld.people.actions.affiliate import affiliate
from upheld.people.actions.begin_partnership import begin_partnership
from upheld.people.actions.cancel_contract import cancel_contract
from upheld.people.actions.change_address import change_address
from upheld.people.actions.change_contact import change_contact
from upheld.people.actions.change_contract import change_contract
from upheld.people.actions.change_organization import change_organization
from upheld.people.actions.change_right import change_right
from upheld.people.actions.change_site import change_site
from upheld.people.actions.change_team import add_team, change_team, dissolve_team
from upheld.people.actions.choose_alerts import choose_alert_hours, choose_alert_ways
from upheld.people.actions.choose_browser_alerts import choose_browser_alerts
from upheld.people.actions.choose_digest import choose_digest
from upheld.people.actions.choose_signature import choose_signature
from upheld.people.actions.choose_working import UNDO_SECONDS, Working, choose_working
from upheld.people.actions.confirm_address import confirm_address
from upheld.people.actions.correct_oneself import correct_oneself
from upheld.people.actions.end_partnership import end_partnership
from upheld.people.actions.fill_roles import NotOnTheDesk, clear_holder, clear_role, fill_role
from upheld.people.actions.find_contact import find_or_add_contact
from upheld.people.actions.import_customers import ImportRefused, import_customers
from upheld.people.actions.keep_alert_addresses import (
    add_alert_address,
    remove_alert_address,
    turn_alert_address,
)
from upheld.people.actions.keep_rota import (
    RotaValues,
    add_rota,
    arrange_rota,
    change_rota,
    remove_rota,
    renew_feed,
)
from upheld.people.actions.name_auditors import name_auditor, strike_auditor
from upheld.people.actions.open_account import open_account
from upheld.people.actions.open_desk import open_desk
from upheld.people.actions.part import part
from upheld.people.actions.remove_domain import remove_domain
from upheld.people.actions.remove_site import remove_site
from upheld.people.actions.set_sign_in import set_sign_in
from upheld.people.actions.set_zone import set_zone
from upheld.people.actions.sign_contract import renew_contract, sign_contract
from upheld.people.actions.take_off_desk import take_off_desk
from upheld.people.actions.take_shift import give_shift_back, take_shift

__all__ = [
    "UNDO_SECONDS",
    "ImportRefused",
    "NotOnTheDesk",
    "RotaValues",
    "Working",
    "add_agent",
    "add_alert_address",
    "add_contact",
    "add_domain",
    "add_organization",
    "add_rota",
    "add_site",
    "add_team",
    "affiliate",
    "arrange_rota",
    "begin_partnership",
    "cancel_contract",
    "change_address",
    "change_contact",
    "change_contract",
    "change_organization",
    "change_right",
    "change_rota",
    "change_site",
    "change_team",
    "choose_alert_hours",
    "choose_alert_ways",
    "choose_browser_alerts",
    "choose_digest",
    "choose_signature",
    "choose_working",
    "clear_holder",
    "clear_role",
    "confirm_address",
    "correct_oneself",
    "dissolve_team",
    "end_partnership",
    "enter_absence",
    "fill_role",
    "find_or_add_caller",
    "find_or_add_contact",
    "give_shift_back",
    "import_customers",
    "name_auditor",
    "open_account",
    "open_desk",
    "part",
    "remove_alert_address",
    "remove_domain",
    "remove_rota",
    "remove_site",
    "renew_contract",
    "renew_feed",
    "set_sign_in",
    "set_zone",
    "sign_contract",
    "strike_absence",
    "strike_auditor",
    "take_off_desk",
    "take_shift",
    "turn_alert_address",
]
