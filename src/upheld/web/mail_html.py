"""A mail as its sender formatted it, made harmless: an allow-list of elements, of attributes and of style.

Knows no Django. What comes out may stand in a sandboxed page of its own and nowhere else.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import urlsplit

import nh3

from upheld.web.harmless_style import MOST_CHARACTERS, harmless_style, is_color
from upheld.web.sanitising import ALLOWED_TAGS, TOO_COMPLEX, WITH_CONTENT, is_too_complex

TAGS = {*ALLOWED_TAGS, "center", "col", "colgroup", "font", "img"}
_LOOKS = {"style", "dir", "align", "class"}
_CELL = {"colspan", "rowspan", "width", "height", "bgcolor", "valign"}
ATTRIBUTES = {
    "*": _LOOKS,
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "size", "face"},
    "table": {"width", "bgcolor", "border", "cellpadding", "cellspacing"},
    "tr": {"bgcolor", "valign"},
    "td": _CELL,
    "th": _CELL,
    "col": {"width", "span"},
    "ol": {"start", "type"},
}
MOST_HOSTS = 12

_ALIGNED = frozenset(("left", "right", "center", "justify", "top", "middle", "bottom", "baseline"))
_MEASURE = re.compile(r"\A\d{1,4}%?\Z")
_FACE = re.compile(r"\A[\w ,.'-]{1,200}\Z")
_HOST = re.compile(r"\A(?:[a-z0-9](?:[a-z0-9-]{0,62})?\.){1,8}[a-z][a-z0-9-]{1,62}\Z")
_PICTURE = re.compile(r"<img\b[^<>]{0,4000}>", re.IGNORECASE)
_SOURCE = re.compile(r"""\bsrc\s*=\s*["']?\s*(https?://[^\s"'>]{1,2000})""", re.IGNORECASE)
_SIZE = re.compile(r"""(?<![\w-])(?:width|height)\s*[=:]\s*["']?\s*(\d{1,5})""", re.IGNORECASE)
# By these names mail programs mark what they quote.
_QUOTES = ("gmail_quote", "yahoo_quoted", "protonmail_quote")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b([^>]*)>")
_LINK = re.compile(r'<a\b[^>]*? href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_ANY_TAG = re.compile(r"<[^>]*>")
_NAMES_HOST = re.compile(r"(?:https?://)?((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})\b", re.IGNORECASE)
_WITHOUT_END = frozenset(("br", "col", "hr", "img"))
_OWN_COLOURS = re.compile(r"(?<![\w-])(?:background-color:|color[:=]|bgcolor=)")
_HIDDEN = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d]))", re.IGNORECASE
)
# By this a picture that nobody is meant to see is known once it is cleaned.
_UNSEEN = "width:0"


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures that a mail may show: those that came with it, by their content ids, as `data:` addresses; and
    those that stand elsewhere, once somebody asked for them."""

    own: Mapping[str, str] = field(default_factory=dict)
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Harmless:
    """What may be shown, the hosts from which its pictures come, and whether it brings colours of its own."""

    html: str
    hosts: tuple[str, ...] = ()
    own_colours: bool = False


def as_sent(html: str, pictures: Pictures | None = None, *, quoted: str = "Quoted text") -> Harmless:
    """Return what the allow-lists leave of a stranger's HTML, what it quotes folded under the word `quoted`."""
    if is_too_complex(html):
        return Harmless(TOO_COMPLEX)
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        clean_content_tags=WITH_CONTENT,
        url_schemes={"http", "https", "mailto", "cid"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}, "img": {"referrerpolicy": "no-referrer"}},
        attribute_filter=_filter(pictures or Pictures()),
        strip_comments=True,
    )
    cleaned = _without_beacons(cleaned)
    hosts = remote_hosts(cleaned)
    return Harmless(_with_targets(_folded(cleaned, quoted)), hosts, bool(_OWN_COLOURS.search(cleaned)))


def remote_hosts(html: str) -> tuple[str, ...]:
    """Return the hosts whose pictures this HTML would show if somebody asked, the first ones first."""
    hosts: dict[str, None] = {}
    for found in _PICTURE.findall(html):
        source = _SOURCE.search(found)
        if source and not _is_beacon(found) and (host := picture_host(unescape(source[1]))):
            hosts[host] = None
    return tuple(hosts)[:MOST_HOSTS]


def picture_host(address: str) -> str:
    """Return the host of a picture that may be asked for: a name on the web, without a port, never an address within
    somebody's network; empty for any other."""
    try:
        parts = urlsplit(address)
        host, port, user = (parts.hostname or "").lower(), parts.port, parts.username
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or port or user is not None or not _HOST.match(host):
        return ""
    inside = (".local", ".internal", ".localhost", ".lan", ".home.arpa", ".intranet", ".corp")
    return "" if host.endswith(inside) else host


def _filter(pictures: Pictures) -> Callable[[str, str, str], str | None]:
    def source(address: str) -> str | None:
        if address[:4].lower() == "cid:":
            return pictures.own.get(address[4:].strip("<> "))
        if not pictures.elsewhere or not picture_host(address):
            return None
        return "https" + address[address.index(":") :]

    def kept(tag: str, name: str, value: str) -> str | None:
        match name:
            case "style" if tag == "img" and _HIDDEN.search(value[:MOST_CHARACTERS]):
                return _UNSEEN
            case "style":
                return harmless_style(value) or None
            case "src":
                return source(value)
            case "href":
                return None if value[:4].lower() == "cid:" else value
            case "class":
                words = value.lower().split()[:20]
                return "quoted" if any(each.endswith(_QUOTES) for each in words) else None
        check = _CHECKS.get(name)
        return value if check is None or check(value) else None

    def unambiguous(tag: str, name: str, value: str) -> str | None:
        # Below, tags are found by their brackets: none may stand in a value.
        value = kept(tag, name, value) or ""
        for bracket, coded, drawn in (("<", "%3C", "‹"), (">", "%3E", "›")):
            value = value.replace(bracket, drawn if name == "alt" else coded)
        return value or ("" if name == "alt" else None)

    return unambiguous


def _aligned(value: str) -> bool:
    return value.lower() in _ALIGNED


def _measure(value: str) -> bool:
    return bool(_MEASURE.match(value))


_CHECKS: dict[str, Callable[[str], bool]] = {
    "align": _aligned,
    "valign": _aligned,
    "dir": lambda value: value.lower() in ("ltr", "rtl", "auto"),
    "bgcolor": is_color,
    "color": is_color,
    "face": lambda value: bool(_FACE.match(value)),
    "size": lambda value: value.lstrip("+-")[:2].isdigit() and len(value) <= 3,
    **dict.fromkeys(("width", "height", "border", "cellpadding", "cellspacing", "span", "start"), _measure),
    "type": lambda value: value in ("1", "a", "A", "i", "I"),
}


def _without_beacons(html: str) -> str:
    """Leave out pictures that nobody is meant to see: they only report that somebody looked."""
    return _PICTURE.sub(lambda found: "" if _is_beacon(found[0]) else found[0], html)


def _is_beacon(picture: str) -> bool:
    return any(int(size) <= 2 for size in _SIZE.findall(picture)) or bool(_HIDDEN.search(picture))


def _folded(html: str, word: str) -> str:
    """Fold each outermost quotation. What the sanitiser wrote is well formed, so that its tags can be counted."""
    pieces: list[str] = []
    depth, since, last = 0, 0, 0
    for tag in _TAG.finditer(html):
        end, name, attributes = tag[1] == "/", tag[2], tag[3]
        if name in _WITHOUT_END:
            continue
        if not depth and not end and _begins_quotation(name, attributes):
            depth, since = 1, tag.start()
        elif depth:
            depth += -1 if end else 1
            if not depth:
                quotation = html[since : tag.end()]
                pieces += [html[last:since], _details(quotation, word)]
                last = tag.end()
    return "".join((*pieces, html[last:]))


def _begins_quotation(name: str, attributes: str) -> bool:
    return name == "blockquote" or (name == "div" and 'class="quoted"' in attributes)


def _details(quotation: str, word: str) -> str:
    return f'<details class="quotation"><summary>{escape(word)}</summary>{quotation}</details>'


def _with_targets(html: str) -> str:
    """Write where a link leads beside it, if its words name another place."""
    return _LINK.sub(_told, html)


def _told(link: re.Match[str]) -> str:
    named = _NAMES_HOST.fullmatch(_bare(link[2]).partition("/")[0]) or _NAMES_HOST.match(_bare(link[2]))
    try:
        host = urlsplit(unescape(link[1])).hostname or ""
    except ValueError:
        host = ""
    if not named or not host or _bare_host(named[1]) == _bare_host(host):
        return link[0]
    return f'{link[0]} <span class="leads">{escape(host)}</span>'


def _bare(html: str) -> str:
    return unescape(_ANY_TAG.sub("", html)).strip()


def _bare_host(host: str) -> str:
    return host.lower().removeprefix("www.")
