"""A lab is shut in: nothing of it leaves, and nothing of a real desk's is touched."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from upheld.config.lab_place import CLOCK, enclosed, lab_clock
from upheld.desks.lab_clock import LabClock
from upheld.mailboxes.fetching.enclosed import refuse_in_a_lab
from upheld.mailboxes.fetching.trouble import FetchTrouble

START = datetime(2026, 3, 27, 8, tzinfo=UTC)
# A real desk's surroundings, which somebody may have forgotten in their shell.
OF_A_DESK = {
    "UPHELD_EMAIL_URL": "smtp+tls://desk:password@smtp.example.com:587",
    "UPHELD_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "UPHELD_SECRET_KEY": "the-key-of-a-real-desk-0123456789-abcdefghijklmnopqrstuvwxyz",
    "UPHELD_FORMER_SECRET_KEYS": "an-older-key-of-a-real-desk",
    "UPHELD_MAIL_WEBHOOKS": "mailgun",
    "UPHELD_MAIL_WEBHOOK_SECRET": "name:a-long-password-of-a-desk",
    "UPHELD_ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY": "signing",
}


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    LabClock.make(tmp_path / CLOCK, START, 3600)
    return tmp_path


def program(*arguments: str, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("UPHELD_", "DJANGO_"))}
    env = {**kept, "DJANGO_SETTINGS_MODULE": "upheld.config.settings", **environ}
    return subprocess.run(
        [sys.executable, *arguments], env=env, capture_output=True, text=True, timeout=60, check=False
    )


def settings_of(data_dir: Path, *names: str) -> list[str]:
    code = f"from upheld.config import settings as s; print(*(getattr(s, n) for n in {names!r}), sep='\\n')"
    done = program("-c", code, environ={"UPHELD_DATA_DIR": str(data_dir), **OF_A_DESK})
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_in_a_lab_no_mail_leaves_whatever_the_environment_says(lab: Path) -> None:
    backend, webhooks, key, demo = settings_of(lab, "EMAIL_BACKEND", "MAIL_WEBHOOKS", "SECRET_KEY", "DEMO")
    assert backend == "upheld.mailboxes.outbox.OutboxBackend"
    assert webhooks == "[]"
    assert key == (lab / "secret-key").read_text().strip()
    assert demo == "True"


def test_the_same_environment_sends_from_a_desk(tmp_path: Path) -> None:
    backend, webhooks, key, lab = settings_of(tmp_path, "EMAIL_BACKEND", "MAIL_WEBHOOKS", "SECRET_KEY", "LAB")
    assert backend == "django.core.mail.backends.smtp.EmailBackend"
    assert webhooks == "['mailgun']"
    assert key == OF_A_DESK["UPHELD_SECRET_KEY"]
    assert lab == "None"


def test_a_browser_that_knows_both_keeps_them_apart(lab: Path, tmp_path_factory) -> None:
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME")
    code = f"from django.conf import settings as s; print(*(getattr(s, n) for n in {names!r}))"
    told = [
        program("-c", code, environ={"UPHELD_DATA_DIR": str(each)}).stdout.split()
        for each in (lab, tmp_path_factory.mktemp("desk"))
    ]
    assert not set(told[0]) & set(told[1])


def test_a_database_that_somebody_names_is_never_a_labs(lab: Path) -> None:
    assert lab_clock(lab, {}) == lab / CLOCK
    assert lab_clock(lab, {"UPHELD_DATABASE_URL": "postgres://localhost/desk"}) is None


def test_nothing_that_leads_out_is_left() -> None:
    harmless = {"PATH": "/bin", "UPHELD_HTTP_ADDRESS": "127.0.0.1:8010"}
    assert enclosed({**OF_A_DESK, **harmless}) == harmless


def test_a_named_database_is_refused_at_once(tmp_path: Path) -> None:
    done = program(
        *("-m", "upheld", "lab"),
        environ={"UPHELD_DATA_DIR": str(tmp_path), "UPHELD_DATABASE_URL": "postgres://localhost/desk"},
    )
    assert done.returncode == 1
    assert "a lab runs on a database of its own" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("options", [(), ("--reset",)])
def test_a_desks_directory_is_refused_and_left_as_it_is(tmp_path: Path, options: tuple[str, ...]) -> None:
    desk = tmp_path / "lab"
    (desk / "postgres").mkdir(parents=True)
    (desk / "postgres" / "PG_VERSION").write_text("18\n")
    (desk / "secret-key").write_text("a desk's own")
    before = {path: path.stat().st_mtime_ns for path in desk.rglob("*")}
    done = program("-m", "upheld", "lab", *options, environ={"UPHELD_DATA_DIR": str(tmp_path)})
    assert done.returncode == 1
    assert "holds something that is no lab" in done.stderr
    assert {path: path.stat().st_mtime_ns for path in desk.rglob("*")} == before


def test_a_policy_that_cannot_be_published_is_told_as_a_check_tells_it(tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(pack_with_a_mistake())
    lab, check = (
        program("-m", "upheld", *words, environ={"UPHELD_DATA_DIR": str(tmp_path / "data")})
        for words in (("lab", "--policy", str(draft)), ("policy", "check", str(draft)))
    )
    assert lab.returncode == check.returncode == 1
    assert "urgentt" in lab.stderr
    assert lab.stderr == check.stderr
    assert not (tmp_path / "data").exists()


def pack_with_a_mistake() -> str:
    from upheld.policy import pack

    text = pack("success-plans")
    return text.replace("default_priority: medium", "default_priority: urgentt")


def test_a_lab_fetches_from_no_account(settings, lab: Path) -> None:
    settings.LAB = lab / CLOCK
    with pytest.raises(FetchTrouble, match="a lab"):
        refuse_in_a_lab()
    settings.LAB = None
    refuse_in_a_lab()
