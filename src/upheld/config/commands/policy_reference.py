"""Every key of a policy document, printed from the schema."""

import typer


def add(group: typer.Typer) -> None:
    """Add the command to `upheld policy`."""
    group.command()(reference)


def reference() -> None:
    """Print every key of a policy document with its meaning, as Markdown."""
    from upheld.policy.reference import reference as page

    typer.echo(page(), nl=False)
