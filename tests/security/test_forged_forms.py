"""A page elsewhere can make a browser send any form to the desk, with the cookies of whoever is signed in."""

import pytest
import time_machine
from desk_twice import NOW, ORDINARY, build
from django.db import transaction
from doors import routes
from permission_matrix import FORMS, PEOPLE

from harness.cast import Cast
from upheld.people.models import Agent

# A mail program presses this one with the token of its letter (RFC 8058), a provider these with its secret.
WITHOUT_A_PAGE = {"unsubscribe", "mail_webhook", "mail_webhook_mime"}
FORGED = {"Origin": "https://elsewhere.example.net", "Referer": "https://elsewhere.example.net/"}


@pytest.mark.parametrize("headers", [{}, FORGED], ids=["without a token", "from another place"])
def test_no_form_of_the_program_is_taken_from_elsewhere(
    cast: Cast, charlie: Agent, headers: dict[str, str]
) -> None:
    with time_machine.travel(NOW, tick=False):
        world = build(cast, charlie, kinds=(ORDINARY,))
        taken, tried = [], 0
        for route in routes():
            allowed = FORMS.get(route.name, ("", ""))[0]
            who = next((name for name, letter in PEOPLE.items() if letter in allowed), "")
            if not who or route.name in WITHOUT_A_PAGE:
                continue
            browser = world.clients[who]
            browser.handler.enforce_csrf_checks = True
            browser.cookies["csrftoken"] = "a" * 32
            form = {"csrfmiddlewaretoken": "b" * 32} if headers else {}
            tried += 1
            with transaction.atomic():
                answer = browser.post(route.address(world.values[ORDINARY]), form, headers=headers)
                if answer.status_code != 403:
                    taken.append(f"{route.name} of {who}: {answer.status_code}")
                transaction.set_rollback(True)
    assert tried > 100
    assert taken == []
