"""Who is named in a note: `@` and a name, as somebody writes it who knows their colleagues."""

import re
from collections.abc import Mapping

_BEFORE = r"(?:^|(?<=[\s(\[{,;:\"'“„«/]))@"
_MOST_LETTERS = 100_000


def mentioned(text: str, names: Mapping[int, str]) -> list[int]:
    """Return the ids of those who are named, in the order of `names`: by the whole name, or by a first name that nobody
    else there has. Upper and lower case are the same."""
    text = text[:_MOST_LETTERS].casefold()
    if "@" not in text:
        return []
    whole = {id: name.casefold().strip() for id, name in names.items() if name.strip()}
    first: dict[str, list[int]] = {}
    for id, name in whole.items():
        first.setdefault(name.split()[0], []).append(id)
    spelled = {name: [id for id, each in whole.items() if each == name] for name in whole.values()}
    spelled |= {name: ids for name, ids in first.items() if len(ids) == 1 and name not in spelled}
    if not spelled:
        return []
    # The longest first, so that "@Ann Lee" names nobody who is called Ann alone.
    longest = sorted(spelled, key=len, reverse=True)
    pattern = re.compile(_BEFORE + f"({'|'.join(map(re.escape, longest))})(?!\\w)", re.MULTILINE)
    found = {id for each in pattern.finditer(text) for id in spelled[each.group(1)]}
    return [id for id in names if id in found]
