"""The page of every key, and the schema behind it: what editors show is what the desk reads."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from upheld.policy.document import Document, form
from upheld.policy.document.form import AmountText, DateText, DelayText, HoursText, PromiseText, WallTime
from upheld.policy.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "policy" / "reference.md"
TEXTS = {
    "amount": (AmountText, ["72 elapsed hours", "1 elapsed hour", "90 working minutes", "3 elapsed days"]),
    "promise": (
        PromiseText,
        [
            *("16 working hours", "2 business days", "1 business day at close", "best effort"),
            *("3 business days of 8 working hours", "2 business days at the same time", "cut-off 12:00"),
            "discretionary",
        ],
    ),
    "delay": (DelayText, ["at once", "2 elapsed hours", "5 business days"]),
    "hours": (HoursText, ["closed", "07:30-17:00", "07:30-12:00, 13:00-24:00", "21:00-02:00"]),
    "date": (DateText, ["2026-12-25"]),
    "wall time": (WallTime, ["2026-03-20 16:50", "2026-03-20 16:50:30"]),
}
REFUSED = ["", "soon", "16 hours", "2 days", "closed on Sundays", "9-5", "2026-3-1", "16 working days"]


def test_the_page_says_what_the_schema_says():
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "run `upheld policy reference` and keep what it prints"
    )


def every_form(part=Document, seen=None):
    seen = {} if seen is None else seen
    if part.__name__ not in seen:
        seen[part.__name__] = part
        for each in part.model_fields.values():
            for inner in re.findall(r"\b([A-Z]\w+)\b", str(each.annotation)):
                found = FORMS.get(inner)
                if found:
                    every_form(found, seen)
    return seen


def _forms(of):
    return {of.__name__: of} | {k: v for each in of.__subclasses__() for k, v in _forms(each).items()}


FORMS = _forms(BaseModel)


def test_every_key_has_a_meaning():
    silent = [
        f"{name}.{key}"
        for name, part in every_form().items()
        for key, each in part.model_fields.items()
        if not each.description
    ]
    assert len(every_form()) > 30
    assert silent == []


def test_every_key_is_on_the_page():
    page = PAGE.read_text(encoding="utf-8")
    for part in every_form().values():
        for key in part.model_fields:
            assert f"| `{key}` |" in page


@pytest.mark.parametrize("name", TEXTS)
def test_editors_accept_what_the_desk_reads_and_mark_what_it_refuses(name):
    kind, accepted = TEXTS[name]
    adapter = TypeAdapter(kind)
    pattern = adapter.json_schema()["pattern"]
    for text in accepted:
        assert adapter.validate_python(text) == text
        assert re.search(pattern, text), text
    for text in REFUSED:
        with pytest.raises(ValidationError):
            adapter.validate_python(text)
        assert not re.search(pattern, text), text


def test_the_base_of_all_blocks_is_told_once():
    page = PAGE.read_text(encoding="utf-8")
    for key in form.Part.model_fields:
        assert page.count(f"| `{key}` |") == 1
