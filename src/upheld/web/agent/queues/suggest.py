"""What may follow where an agent types in the search: for the list below the field."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from upheld.rules.queue_query import LONGEST
from upheld.tickets.finding import Suggestion, Vocabulary, suggestions
from upheld.web.agent.filters import place_of
from upheld.web.presenting.asked_for import KEY_WORDS, value_words
from upheld.web.viewer import Workplace, for_agents


@require_safe
@for_agents
def suggest(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Say what may stand at the end of `before`, and which part of it that replaces."""
    before = request.GET.get("before", "").replace("\0", " ")[-LONGEST:]
    replaced, found = suggestions(Vocabulary(place_of(workplace, request.now)), before)
    options = [
        {
            "text": each.text,
            "label": _label(each),
            "goes_on": not each.value,
        }
        for each in found
    ]
    return JsonResponse({"replaces": replaced, "options": options})


def _label(each: Suggestion) -> str:
    """What it is called, where its text does not say so already."""
    if not each.value:
        return str(KEY_WORDS[each.key]) if each.key in KEY_WORDS else each.key.partition(".")[2]
    words = value_words(each.key, each.value, each.label)
    return "" if words == each.value else words
