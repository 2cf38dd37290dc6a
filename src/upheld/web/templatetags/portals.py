"""What the templates of the portal say about the portal itself."""

from django import template

from upheld.desks.models import Portal
from upheld.web.portal.look import look_address

register = template.Library()


@register.simple_tag
def look_of(portal: object) -> str:
    """Where the stylesheet of a portal's own look is; empty for pages of no portal."""
    return look_address(portal) if isinstance(portal, Portal) else ""
