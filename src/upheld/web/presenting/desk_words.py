"""What agents write, as the customer gets it: Markdown, without the inline styles of mails."""

import re
from collections.abc import Collection

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from upheld.mailboxes.outgoing.markdown import to_html
from upheld.web.sanitising import clean

# A longer text is shown as it was typed.
LONGEST = 60_000
# An address that stands alone; one inside Markdown of any kind is left as it is.
_BARE_ADDRESS = re.compile(r"(?<![\w(<\[\"'`=/])https?://[^\s<>\"'`\[\]()]+[^\s<>\"'`\[\]().,;:!?]")
_TAGS = re.compile(r"(<[^<>]*>)")


def formatted(text: str, names: Collection[str] = ()) -> SafeString:
    """Return an agent's text as HTML; `names` are those of colleagues whom it may mention."""
    html = clean(to_html(_BARE_ADDRESS.sub(r"<\g<0>>", text)))
    if names and "@" in html:
        html = _with_mentions(html, names)
    return mark_safe(html)  # noqa: S308 - cleaned by nh3; mentions are escaped names that stood in it


def _with_mentions(html: str, names: Collection[str]) -> str:
    """Mark names, in the text between tags only, and never within code."""
    pattern = _mention(names)
    pieces, in_code = _TAGS.split(html), False
    for place, piece in enumerate(pieces):
        if place % 2:
            in_code = (in_code or piece == "<code>") and piece != "</code>"
        elif not in_code and "@" in piece:
            pieces[place] = pattern.sub(r'<span class="mention">\g<0></span>', piece)
    return "".join(pieces)


def _mention(names: Collection[str]) -> re.Pattern[str]:
    """As `upheld.rules.mentions` knows them: the whole name, or a first name that nobody else has."""
    first: dict[str, int] = {}
    for name in names:
        first[name.split()[0]] = first.get(name.split()[0], 0) + 1
    known = {*names, *(name for name, count in first.items() if count == 1)}
    spelled = "|".join(re.escape(conditional_escape(each)) for each in sorted(known, key=len, reverse=True))
    return re.compile(rf"(?<![\w@.])@(?:{spelled})(?!\w)", re.IGNORECASE)
