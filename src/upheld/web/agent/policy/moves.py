"""The open tickets that a draft would move: counted for each mode, and listed for the chosen one."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from upheld.policy import Mode
from upheld.tickets.publication_effect import Change, ChangedClock, DeskEffect
from upheld.web.agent.policy.rows import CHANGES, MODES, effect_rows
from upheld.web.presenting.times import Times

PAGE = 50


def modes(effect: DeskEffect | None, chosen: Mode) -> list[dict[str, Any]]:
    """What each mode means, and how many clocks of which change it brings."""
    listed = []
    for mode, (label, meaning) in MODES.items():
        counts = effect.counts(mode) if effect and mode is not Mode.pin else {}
        told = [
            {"colour": colour, "icon": icon, "words": words, "count": counts[change.value]}
            for change, (colour, icon, words) in CHANGES.items()
            if counts.get(change.value)
        ]
        listed.append(
            {
                "id": mode.value,
                "label": label,
                "meaning": meaning,
                "is_chosen": mode is chosen,
                "told": told,
                "is_known": effect is not None,
            }
        )
    return listed


def moves(request: HttpRequest, effect: DeskEffect | None, mode: Mode, times: Times) -> dict[str, Any]:
    """One page of the clocks that change under a mode, or of one kind of change."""
    if effect is None or mode is Mode.pin:
        return {"rows": []}
    clocks, counts = effect.clocks[mode], effect.counts(mode)
    changes = [each for each in CHANGES if counts[each.value]]
    wanted = request.GET.get("change", "")
    chosen = Change(wanted) if wanted in {each.value for each in changes} else None
    shown = [each for each in clocks if chosen is None or each.change is chosen]
    kinds = [
        {
            "url": _url(each, 1),
            "colour": CHANGES[each][0],
            "words": CHANGES[each][2],
            "count": counts[each.value],
            "is_current": each is chosen,
        }
        for each in changes
    ]
    return {
        "all_count": len(clocks),
        "kinds": kinds,
        "all_url": _url(None, 1),
        "is_all": chosen is None,
    } | _page(request, shown, chosen, times)


def _page(
    request: HttpRequest, shown: list[ChangedClock], chosen: Change | None, times: Times
) -> dict[str, Any]:
    given = request.GET.get("page", "1")
    last = max(1, -(-len(shown) // PAGE))
    number = min(max(int(given), 1), last) if given.isdecimal() and len(given) < 10 else 1
    return {
        "rows": effect_rows(shown[(number - 1) * PAGE : number * PAGE], times),
        "page_number": number,
        "last_page": last,
        "previous_page": _url(chosen, number - 1) if number > 1 else "",
        "next_page": _url(chosen, number + 1) if number < last else "",
    }


def _url(change: Change | None, page: int) -> str:
    query = urlencode(
        {**({"change": change.value} if change else {}), **({"page": page} if page > 1 else {})}
    )
    return f"?{query}#moves"
