"""What a lab prints when it is ready: where to watch it, and as whom."""

from django.conf import settings
from django.urls import reverse

from upheld.lab.entry import link
from upheld.lab.life.plan import Plan
from upheld.lab.life.world import ADMINISTRATOR, ANSWERING, HOUSES, LEAD, SUPPORT_ADDRESS

_TEXT = """
  Upheld lab: {policy}, seed {seed}

  Watch it, as the team lead, {lead}:

    {watch}

  Sent mail      {url}/outbox/   (nothing leaves this machine)
  Mail in        SMTP at {smtp}, for {address}

  Be somebody else with one click:

    administrator  {administrator}
    {administrator_link}
    agent          {agent}
    {agent_link}
    customer       {customer}
    {customer_link}

  Time runs only while this runs. Faster, slower or not at all: on the page.
"""


def announcement(plan: Plan) -> str:
    """Return the text, for a terminal of 80 columns."""
    return _TEXT.format(
        policy=plan.name,
        seed=plan.seed,
        watch=link("lead", reverse("lab")),
        lead=LEAD.name,
        url=settings.UPHELD_URL,
        smtp=settings.SMTP_ADDRESS,
        address=SUPPORT_ADDRESS,
        administrator=ADMINISTRATOR.name,
        administrator_link=link("administrator"),
        agent=ANSWERING[0].name,
        agent_link=link("agent"),
        customer=f"{HOUSES[0].people[0][0]}, {HOUSES[0].name}",
        customer_link=link("customer"),
    )
