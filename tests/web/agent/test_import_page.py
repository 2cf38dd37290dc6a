"""The page for importing: look first, then confirm."""

import html
import re
from collections.abc import Callable

import pytest
from cast_of_pages import HOSTILE, page
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from harness.cast import Cast
from upheld.desks.models import AuditEntry
from upheld.people.models import Agent, Organization
from upheld.web.agent.importing import page as importing

HERE = "/customers/import/"
TABLE = f'name;reference\n"{HOSTILE.replace(chr(34), chr(34) * 2)}";K-1\nPort;=1+1\n'


@pytest.fixture
def lena(cast: Cast, signed_in: Callable[[Agent], Client]) -> Client:
    """The team lead's browser."""
    return signed_in(cast.lena)


def chosen(client: Client, data: str | bytes, name: str = "k.csv", **more: str) -> object:
    content = data.encode() if isinstance(data, str) else data
    return client.post(HERE, {"file": SimpleUploadedFile(name, content), **more})


def confirmation(text: str) -> dict[str, str]:
    """What the button would send."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)
    return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_for_agents_and_other_desks_the_page_does_not_exist(
    cast: Cast, bob: Client, stranger: Client
) -> None:
    for address in (HERE, f"{HERE}contacts.csv"):
        assert bob.get(address).status_code == 404
    assert chosen(bob, TABLE).status_code == 404
    assert chosen(stranger, TABLE, desk="school-devices").status_code in (200, 404)
    assert not Organization.objects.filter(desk=cast.desk).exists()


def test_a_file_is_looked_at_and_then_imported(cast: Cast, lena: Client) -> None:
    text = page(chosen(lena, TABLE))
    assert not Organization.objects.exists()
    assert "<script>alert" not in text and "<img src=x" not in text
    answer = lena.post(HERE, confirmation(text))
    assert answer.status_code == 302 and answer["Location"] == "/customers/"
    assert set(Organization.objects.values_list("name", flat=True)) == {" ".join(HOSTILE.split()), "Port"}
    entry = AuditEntry.objects.get(action="customers imported")
    assert (entry.subject, entry.data["added"], entry.actor) == (
        "k.csv",
        2,
        "Lena Novak <lena@desk.example.com>",
    )
    assert "There is nothing to import" in page(chosen(lena, TABLE))


def test_what_changed_in_between_is_shown_again(cast: Cast, lena: Client) -> None:
    form = confirmation(page(chosen(lena, "name;reference\nPort;K-2\n")))
    Organization.objects.create(desk=cast.desk, name="Port", reference="K-1")
    answer = lena.post(HERE, form)
    text = answer.content.decode()
    assert answer.status_code == 422 and "Something changed since you looked" in text
    assert Organization.objects.get().reference == "K-1"
    lena.post(HERE, confirmation(text))
    assert Organization.objects.get().reference == "K-2"


def test_problems_are_told_line_by_line_and_cannot_be_confirmed(lena: Client) -> None:
    answer = chosen(lena, "name;language\n;de\nPort;english\n")
    text = " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
    assert answer.status_code == 422 and "2 problems: nothing can be imported yet" in text
    assert "Line 2 name This cell has to be filled." in text and "Line 3 language" in text
    assert "Import it" not in text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "The first line has to name the columns"),
        (b"name\nM\xfcller\n", "Line 2 is not UTF-8 text"),
        (b"name\n" + b"a" * (importing.MOST_BYTES + 1), "The file is larger than 2 MB"),
        (b"name\n" + b"a\n" * (importing.MOST_ROWS + 1), "more than 5,000 rows"),
    ],
    ids=["empty", "latin", "large", "long"],
)
def test_a_file_that_is_none_is_refused_with_what_to_do(lena: Client, data: bytes, told: str) -> None:
    answer = chosen(lena, data)
    assert answer.status_code == 422 and told in answer.content.decode()
    assert lena.post(HERE, {}).status_code == 422


def test_files_to_fill_in_are_downloads(lena: Client) -> None:
    for kind in ("organizations", "contacts", "contracts"):
        answer = lena.get(f"{HERE}{kind}.csv")
        assert answer.content.startswith(b"\xef\xbb\xbf") and "attachment" in answer["Content-Disposition"]
        assert f"{HERE}{kind}.csv" in page(lena.get(HERE))
    assert lena.get(f"{HERE}tickets.csv").status_code == 404
