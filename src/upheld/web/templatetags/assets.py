"""The address of the stylesheet, for templates."""

from django import template

from upheld.web.assets import stylesheet_address

register = template.Library()
register.simple_tag(stylesheet_address, name="stylesheet")
