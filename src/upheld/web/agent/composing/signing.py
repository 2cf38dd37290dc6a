"""What stands below an agent's replies."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from upheld.people import actions
from upheld.web.agent.acts import typed
from upheld.web.agent.alerts.choices import deed
from upheld.web.viewer import Workplace


@deed("signature")
def choose_signature(request: HttpRequest, workplace: Workplace) -> str:
    actions.choose_signature(workplace.agent.pk, typed(request, "signature"))
    return _("Saved: this stands below your replies.")
