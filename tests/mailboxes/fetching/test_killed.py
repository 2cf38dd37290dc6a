"""Whoever fetches is killed at every single step; each mail is stored once, and the server is told in the end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from mailboxes.fetching.accounts import fetch, mail, subjects
from upheld.mailboxes.models import Fetched

pytestmark = pytest.mark.django_db(transaction=True)

MOST_STEPS = 400


class Fetching:
    """Another process, which fetches until it is killed."""

    def __init__(self) -> None:
        database = str(connection.settings_dict["NAME"])
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("killed_at_step.py"))],
            env=os.environ | {"DATABASE_OF_TESTS": database, "UPHELD_LOG_LEVEL": "ERROR"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def is_killed_at(self, source_id: int, step: int) -> bool:
        """Fetch, and be killed at this step; False when there was none, and all went well."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{source_id} {step}\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline().strip()
        assert said in ("killed", "ended 0"), said
        return said == "killed"

    def end(self) -> None:
        self._process.communicate(timeout=20)


@pytest.fixture
def fetching(post) -> Iterator[Fetching]:
    process = Fetching()
    yield process
    process.end()


@pytest.mark.parametrize(
    "details",
    [
        {"afterwards": "leave"},
        {"afterwards": "move", "move_to": "Done"},
        {"protocol": "pop", "afterwards": "delete"},
    ],
    ids=["left", "moved", "deleted over POP3"],
)
def test_killed_at_every_step(post, account, fetching, details):
    account.makes("Done")
    account.gets(mail("Not wanted"))
    source = post.source(account, **details)
    fetch(source)
    sent: list[str] = []
    for step in range(1, MOST_STEPS):
        sent.append(f"Number {step}")
        account.gets(mail(sent[-1]))
        if not fetching.is_killed_at(source.pk, step):
            break
    else:
        pytest.fail("it never got to the end")
    assert step > 20
    fetch(source)
    assert subjects(source) == sent
    left = {"leave": ["Not wanted", *sent]}.get(details["afterwards"], ["Not wanted"])
    assert account.subjects() == left
    assert account.subjects("Done") == (sent if details["afterwards"] == "move" else [])
    assert not Fetched.objects.filter(finished=False).exists()
