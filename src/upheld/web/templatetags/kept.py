"""What stands in the fields of a form that was refused: as it was typed."""

from typing import Any

from django import template

from upheld.web.agent.unsent import Unsent

register = template.Library()


@register.simple_tag
def kept(unsent: Unsent | None, form: str, name: str, value: Any = "") -> Any:
    """What was typed in a field of this form, where it was refused; else its value."""
    if not unsent or unsent.form != form or not unsent.why:
        return value
    return unsent.typed.get(name, "")
