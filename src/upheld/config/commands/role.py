"""Who fills the roles that a desk's policy names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from upheld.config.instant import present_instant
from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.desks.models import Desk
    from upheld.people.models import Agent, Organization, RoleHolder
    from upheld.policy import Policy

_DESK = typer.Option(help="The desk's short name; may be left out when there is one desk.")
_ROLE = typer.Argument(help="The role's id in the policy, such as support_manager.")
_ADDRESS = typer.Argument(help="E-mail address of somebody who answers on the desk.")


def add(app: typer.Typer) -> None:
    """Add `upheld role ...`."""
    group = typer.Typer(
        help="Say who fills the roles of a policy: who is told when a ticket escalates.", no_args_is_help=True
    )
    group.command("list")(list_roles)
    group.command()(fill)
    group.command()(clear)
    app.add_typer(group, name="role")


def list_roles(desk: Annotated[str, _DESK] = "") -> None:
    """List the roles of the policy in force, and who fills them."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        chosen, policy = _desk_and_policy(desk)
        from upheld.people.models import RoleHolder

        held = (
            RoleHolder.objects.filter(desk=chosen)
            .select_related("agent__user", "organization")
            .order_by("rank", "pk")
        )
        for id in dict.fromkeys([*policy.roles, *(each.role for each in held)]):
            names = ", ".join(_described(each) for each in held if each.role == id)
            known = policy.roles.get(id, "not in the policy in force")
            typer.echo(f"{id}  {known}: {names or 'nobody; falls to the administrators'}")


def fill(
    role: Annotated[str, _ROLE],
    address: Annotated[str, _ADDRESS],
    desk: Annotated[str, _DESK] = "",
    product: Annotated[str, typer.Option(help="Only for tickets about this product.")] = "",
    region: Annotated[str, typer.Option(help="Only for tickets from this region.")] = "",
    organization: Annotated[
        str, typer.Option(help="Only for tickets of the organization of this name.")
    ] = "",
    deputy: Annotated[
        int,
        typer.Option(
            min=0,
            max=9,
            help="As a deputy: 1 stands in first. 0, the usual, is who holds the role.",
            metavar="RANK",
        ),
    ] = 0,
    calendar: Annotated[
        str,
        typer.Option(
            help="Only in the hours of this calendar of the policy; at any hour, when left out.", metavar="ID"
        ),
    ] = "",
) -> None:
    """Let somebody fill a role. Who is absent, or outside their hours, is passed over for the next deputy."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        chosen, policy = _desk_and_policy(desk)
        from upheld.config.commands.selecting import acting_person
        from upheld.people.actions import NotOnTheDesk, fill_role

        _known("role", role, policy.roles)
        for name, said in (("product", product), ("region", region)):
            if said:
                _known(name, said, [each.id for each in policy.choices[f"{name}s"]])
        if calendar:
            _known("calendar", calendar, policy.calendars)
        agent = _agent(address)
        try:
            fill_role(
                chosen,
                role,
                agent,
                product=product,
                region=region,
                organization=_organization(chosen, organization) if organization else None,
                rank=deputy,
                calendar=calendar,
                by=acting_person(),
                now=present_instant(),
            )
        except NotOnTheDesk:
            remedy = f"Add them first: `upheld user add {address} --desk {chosen.slug} --name ...`."
            raise Trouble(f"{address} does not answer on {chosen.name}.", remedy) from None
        what = f"deputy {deputy} of the {policy.roles[role]}" if deputy else policy.roles[role]
        typer.echo(f"{agent.name} is {what} of {chosen.name}.")


def clear(
    role: Annotated[str, _ROLE], address: Annotated[str, _ADDRESS], desk: Annotated[str, _DESK] = ""
) -> None:
    """Take a role from somebody."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        import django

        django.setup()
        from upheld.config.commands.selecting import acting_person, chosen_desk
        from upheld.people.actions import clear_role

        agent = _agent(address)
        if not clear_role(chosen_desk(desk), role, agent, by=acting_person(), now=present_instant()):
            raise Trouble(f"{address} does not fill the role {role}.", "See `upheld role list`.")
        typer.echo(f"{agent.name} no longer fills the role {role}.")


def _desk_and_policy(slug: str) -> tuple[Desk, Policy]:
    import django

    django.setup()
    from upheld.config.commands.selecting import chosen_desk
    from upheld.desks.policies import NoPolicyInForce, compiled, version_in_force

    desk = chosen_desk(slug)
    try:
        return desk, compiled(version_in_force(desk, present_instant()).pk)
    except NoPolicyInForce as problem:
        raise Trouble(str(problem)) from None


def _known(what: str, id: str, known: object) -> None:
    ids = list(known)  # type: ignore[call-overload]
    if id not in ids:
        raise Trouble(f"The policy has no {what} “{id}”.", f"It has: {', '.join(ids) or 'none'}.")


def _agent(address: str) -> Agent:
    from upheld.people.models import Agent

    agent = Agent.objects.filter(user__email=address.strip().lower()).select_related("user").first()
    if agent is None:
        raise Trouble(f"Nobody answers tickets as {address}.", "See `upheld user list`.")
    return agent


def _organization(desk: Desk, name: str) -> Organization:
    from upheld.people.models import Organization

    found = Organization.objects.filter(desk=desk, name__iexact=name.strip()).order_by("pk").first()
    if found is None:
        raise Trouble(
            f"{desk.name} knows no organization “{name}”.", "Enter it on the page Customers, or import it."
        )
    return found


def _described(holder: RoleHolder) -> str:
    organization = holder.organization.name if holder.organization else ""
    deputy = f"deputy {holder.rank}" if holder.rank else ""
    limits = ", ".join(filter(None, (deputy, holder.product, holder.region, organization, holder.calendar)))
    return f"{holder.agent.name} ({limits})" if limits else holder.agent.name
