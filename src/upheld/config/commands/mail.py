"""Mail: listening for it, and taking one message from a pipe."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from upheld.config.commands import mail_kept, mail_parse, mail_sources
from upheld.config.trouble import Trouble

# As in sysexits.h: the mail server that calls us keeps the message and tries again later.
TRY_AGAIN = 75


def add(app: typer.Typer) -> None:
    """Add `upheld mail ...`."""
    group = typer.Typer(help="Take mail in, look at it, release it.", no_args_is_help=True)
    group.command()(listen)
    group.command()(deliver)
    mail_parse.add(group)
    mail_kept.add(group)
    mail_sources.add(group)
    app.add_typer(group, name="mail")


def listen() -> None:
    """Run the mail listener alone (UPHELD_SMTP_ADDRESS, 127.0.0.1:2525 by default)."""
    from upheld.config.addresses import require_free, smtp_address
    from upheld.config.commands.serve import require_database
    from upheld.config.programs import run_mail

    require_free(smtp_address())
    require_database()
    run_mail()


def deliver(
    mailbox: Annotated[str | None, typer.Option(help="The address that it was sent to.")] = None,
) -> None:
    """Take one mail from standard input, as from a mail server's pipe; statuses as in sysexits.h."""
    raw = sys.stdin.buffer.read()
    try:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upheld.config.settings")
        django.setup()
        from upheld.mailboxes.accept import deliver as accept

        status = accept(raw, mailbox)
    except Exception as error:
        # Whatever went wrong, the mail is safe only if the server that called us keeps it.
        # A foreign error may quote a password, and the server that called us may mail it to the sender.
        reason = str(error) if isinstance(error, Trouble) else type(error).__name__
        print(f"upheld: not accepted, try again later: {reason}", file=sys.stderr)  # noqa: T201
        raise SystemExit(TRY_AGAIN) from None
    raise SystemExit(status)
