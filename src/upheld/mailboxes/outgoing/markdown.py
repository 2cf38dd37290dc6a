"""An agent's text as HTML. Whatever they paste, nothing in it is fetched, run or leads anywhere but web and mail."""

import threading
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token

_SCHEMES = ("http", "https", "mailto")
_QUOTE = "margin:0 0 12px;padding:0 0 0 12px;border-left:3px solid #8a8f98"
_local = threading.local()


def to_html(text: str, *, styled: bool = True) -> SafeString:
    """Return Markdown as HTML: no raw HTML, no pictures, links only to http, https and mailto. For a page, which has a
    stylesheet and takes no inline styles, it is not `styled`."""
    env = {"styled": styled}
    return mark_safe(_parser().render(text, env))  # noqa: S308 - markdown-it escapes all text; raw HTML is off


def _parser() -> MarkdownIt:
    # A parser keeps state while it renders, and several threads send.
    if not hasattr(_local, "parser"):
        _local.parser = _new_parser()
    parser: MarkdownIt = _local.parser
    return parser


def _new_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).disable("image")
    parser.validateLink = _may_link  # type: ignore[method-assign]
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("link_open", _link_open)
    parser.add_render_rule("blockquote_open", _blockquote_open)
    return parser


def _may_link(url: str) -> bool:
    try:
        return urlsplit(url.strip()).scheme.lower() in _SCHEMES
    except ValueError:
        return False


def _fence(
    self: RendererProtocol, tokens: list[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    # What stands behind a fence would become a class of the element.
    tokens[index].info = ""
    return str(self.fence(tokens, index, options, env))  # type: ignore[attr-defined]


def _link_open(
    self: RendererProtocol, tokens: list[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    tokens[index].attrSet("rel", "nofollow noopener noreferrer")
    return str(self.renderToken(tokens, index, options, env))  # type: ignore[attr-defined]


def _blockquote_open(
    self: RendererProtocol, tokens: list[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    if env.get("styled", True):
        tokens[index].attrSet("style", _QUOTE)
    return str(self.renderToken(tokens, index, options, env))  # type: ignore[attr-defined]
