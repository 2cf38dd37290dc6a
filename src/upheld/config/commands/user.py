"""People who sign in: add, list, change a password, put out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from upheld.config.instant import present_instant
from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.people.models import User


def add(app: typer.Typer) -> None:
    """Add `upheld user ...`."""
    group = typer.Typer(help="Add, list and put out people who sign in.", no_args_is_help=True)
    for name, command in _COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="user")


def add_user(
    address: Annotated[str, typer.Argument(help="E-mail address to sign in with.")],
    name: Annotated[str, typer.Option(help="Full name, as customers see it.")],
    role: Annotated[str, typer.Option(help="agent, lead or administrator.")] = "agent",
    desk: Annotated[str, typer.Option(help="The desk's short name.")] = "",
    password_from_stdin: Annotated[bool, typer.Option(help="Read the password from standard input.")] = False,
) -> None:
    """Let somebody answer on a desk. Without a password they sign in with a code that is mailed to them."""
    secret = sys.stdin.readline().rstrip("\n") if password_from_stdin else None
    with _django():
        from upheld.config.commands.selecting import acting_person, chosen_desk
        from upheld.people.actions import add_agent

        agent = add_agent(
            chosen_desk(desk),
            address=_address(address),
            name=name,
            role=_role(role),
            password=_sound(secret) if secret else None,
            by=acting_person(),
            now=present_instant(),
        )
        typer.echo(f"{agent.name} <{agent.address}> is {role} of the desk.")


def list_users() -> None:
    """List everybody who can sign in."""
    with _django():
        from upheld.people.models import User

        for user in User.objects.order_by("email").prefetch_related("agent__memberships__desk"):
            typer.echo(f"{user.email}  {user.name}  {_describe(user)}")


def password(address: Annotated[str, typer.Argument(help="E-mail address of the user.")]) -> None:
    """Set a password, read from standard input or asked for twice. Ends the user's sessions."""
    with _django():
        user = _user(address)
        asked = (
            typer.prompt("New password", hide_input=True, confirmation_prompt=True)
            if sys.stdin.isatty()
            else sys.stdin.readline().rstrip("\n")
        )
        user.set_password(_sound(asked, user))
        user.save(update_fields=["password"])
        _record("password set", user)
        typer.echo(f"The password of {user.email} is set.")


def deactivate(address: Annotated[str, typer.Argument(help="E-mail address of the user.")]) -> None:
    """Put somebody out: no sign-in, no rights, and nothing that they wrote is lost."""
    with _django():
        user = _user(address)
        user.is_active = False
        user.save(update_fields=["is_active"])
        _record("user deactivated", user)
        typer.echo(f"{user.email} can no longer sign in.")


def _django():  # type: ignore[no-untyped-def]
    """A running database with Django set up on it."""
    from contextlib import contextmanager

    from upheld.config.running import database_running

    @contextmanager
    def opened():  # type: ignore[no-untyped-def]
        with database_running(lambda line: typer.echo(line, err=True)):
            import django

            django.setup()
            yield

    return opened()


def _user(address: str) -> User:
    from upheld.people.models import User

    user = User.objects.filter(email=address.strip().lower()).first()
    if user is None:
        raise Trouble(f"Nobody signs in with {address}.", "See `upheld user list`.")
    return user


def _describe(user: User) -> str:
    if not user.is_active:
        return "(deactivated)"
    if not hasattr(user, "agent"):
        return "customer"
    return ", ".join(f"{each.role} of {each.desk.slug}" for each in user.agent.memberships.all()) or "no desk"


def _record(action: str, user: User) -> None:
    from upheld.config.commands.selecting import acting_person
    from upheld.desks.audit import record

    record(at=present_instant(), actor=acting_person(), action=action, subject=user.email)


def _address(text: str) -> str:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(text)
    except ValidationError:
        raise Trouble(f"“{text}” is not an e-mail address.", "Write it like ada@example.com.") from None
    return text


def _role(text: str):  # type: ignore[no-untyped-def]
    from upheld.rules.permissions import Role

    names = [role.value for role in Role.staff()]
    if text not in names:
        raise Trouble(f"There is no role “{text}”.", f"Choose one of: {', '.join(names)}.")
    return Role(text)


def _sound(text: str, user: User | None = None) -> str:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(text, user)
    except ValidationError as error:
        raise Trouble(f"That password will not do: {' '.join(error.messages)}", "Choose another.") from None
    return text


_COMMANDS = {"add": add_user, "list": list_users, "password": password, "deactivate": deactivate}
