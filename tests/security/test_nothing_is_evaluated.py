"""What people type and what strangers send is data: the program has no way from a text to code, SQL or an object."""

import re
from pathlib import Path

import pytest

import upheld

SOURCE = Path(upheld.__file__).parent
# A pattern, and the files in which it is meant; each of them is given nothing that somebody outside wrote.
FORBIDDEN = {
    r"(?<![\w.])(eval|exec)\(": set[str](),
    r"\b(pickle|marshal|shelve|jsonpickle)\b": {
        "config/side_by_side.py"
    },  # what a command says to its own children
    r"\b__import__\(": set[str](),
    r"shell=True|os\.(system|popen)\(": set[str](),
    # YAML only as plain data; made-up desks are read from files of ours.
    r"yaml\.(load|unsafe_load|full_load)\((?![^)]*SafeLoader)": set[str](),
    # Django's ways to hand over SQL as text.
    r"\.extra\(|\bRawSQL\(|objects\.raw\(": {"people/actions/find_contact.py"},  # fixed text, with parameters
    # A name that was typed, as an attribute, a filter or a template.
    r"getattr\([^,()]+, *(request\.|typed\()": set[str](),
    r"Template\((?!Response)": {"lab/mails.py"},  # made-up mails of our own
    r"\.filter\(\*\*\{? *(request|typed)": set[str](),
    r"\.format_map\(|\.format\(\*\*request": set[str](),
}


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_there_is_no_way_from_text_to_code(pattern: str) -> None:
    found = {
        str(path.relative_to(SOURCE)): hit[0]
        for path in sorted(SOURCE.rglob("*.py"))
        if (hit := re.search(pattern, path.read_text()))
    }
    assert {name: hit for name, hit in found.items() if name not in FORBIDDEN[pattern]} == {}


def test_no_sql_is_put_together_from_what_somebody_typed() -> None:
    """Where SQL is formatted at all, then in files that never see a request or a mail."""
    formatted = re.compile(r"execute\(\s*f[\"']")
    found = {
        str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.py") if formatted.search(path.read_text())
    }
    # A sequence is named by the number of its desk.
    assert {each for each in found if not each.startswith(("config/", "lab/"))} <= {"desks/numbers.py"}
