"""What the templates of the portal say about the portal itself."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def look_of(portal: Any) -> str:
    """Where the stylesheet of a portal's own look is; empty for pages of no portal."""
    if not portal:
        return ""
    # Templates are read without a database, too, where a policy is shown from its file.
    from upheld.web.portal.look import look_address

    return look_address(portal)
