"""A desk's own colour and last lines."""

import re

import pytest
from django.utils.html import escape
from harbour_office import NOW, html_of, read, text_of
from hypothesis import given
from hypothesis import strategies as st
from kinds import ALL_KINDS, TO_CUSTOMER

from upheld.desks.actions import LettersRefused, change_letters
from upheld.desks.models import AuditEntry
from upheld.rules.colours import ColourRefused, colour, contrast, ink_on

FOOTER = "Harbour Support Ltd\n1 Quay <Street> & Sons\nRegister 123456"
COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def change(office, **what: str):
    office.desk = change_letters(office.desk.pk, by="tests", now=NOW, **what)
    return office.desk


@given(COLOURS)
def test_text_on_any_colour_can_be_read(accent):
    assert contrast(ink_on(accent), accent) >= 4.5


def test_contrast_is_that_of_the_standard():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.542, abs=0.001)
    assert ink_on("#ffcc00") == "#000000"
    assert ink_on("#003366") == "#ffffff"


@pytest.mark.parametrize(("given_colour", "kept"), [("#0b5", "#00bb55"), (" #0BF5aa ", "#0bf5aa")])
def test_a_colour_is_kept_in_one_form(given_colour, kept):
    assert colour(given_colour) == kept


@pytest.mark.parametrize(
    "wrong", ["red", "#12", "#1234567", "0b5", "#0b5;}", "#٠٠٠", "rgb(0,0,0)", "#00bb55\n#"]
)
def test_what_is_no_colour_is_refused_and_says_how_one_is_written(office, wrong):
    with pytest.raises(ColourRefused, match="like #00bb55"):
        change(office, colour=wrong)
    office.desk.refresh_from_db()
    assert office.desk.colour == ""


def test_a_desks_colour_fills_its_buttons_and_the_line_above(office):
    change(office, colour="#fc0")
    data = {**ALL_KINDS["reminder"], "step": "confirmation"}
    html = html_of(read(office.notice("reminder", data)))
    assert "background:#ffcc00;color:#000000" in html
    assert "border-top:4px solid #ffcc00" in html


def test_a_desk_without_a_colour_looks_as_usual(office):
    html = html_of(read(office.notice("reminder", {**ALL_KINDS["reminder"], "step": "confirmation"})))
    assert "background:#1f5fbf;color:#ffffff" in html
    assert "border-top:4px" not in html


def test_a_colour_that_came_into_the_row_otherwise_makes_no_style(office):
    type(office.desk).objects.update(colour="#0;}<x>")
    assert "#0;}" not in html_of(read(office.notice("reply", ALL_KINDS["reply"])))


@pytest.mark.parametrize("kind", TO_CUSTOMER)
def test_the_footer_ends_every_mail_to_a_customer_in_both_parts(office, kind):
    change(office, footer=FOOTER)
    mail = read(office.notice(kind, ALL_KINDS[kind]))
    assert text_of(mail).endswith(f"\n\n-- \n{FOOTER}\n")
    assert "<br>".join(escape(FOOTER).split("\n")) in html_of(mail)
    assert "<Street>" not in html_of(mail)


def test_mail_within_the_house_needs_no_footer(office):
    change(office, footer=FOOTER)
    assert "Register" not in text_of(read(office.to_agent("breach", ALL_KINDS["breach"])))


def test_a_footer_is_plain_lines(office):
    assert change(office, footer="\r\n One\x00\x1b[31m \rTwo\u2028\r\n\r\n").mail_footer == " One[31m\nTwo"
    assert change(office, footer="").mail_footer == ""


@pytest.mark.parametrize("footer", ["x" * 1501, "line\n" * 16])
def test_a_footer_that_is_too_long_is_refused(office, footer):
    with pytest.raises(LettersRefused, match="too long"):
        change(office, footer=footer)


def test_a_language_that_no_desk_can_have_is_refused(office):
    with pytest.raises(LettersRefused, match="Choose one of"):
        change(office, language="klingon")


def test_every_change_is_audited_once(office):
    change(office, language="de", colour="#0b5", footer="Harbour")
    change(office, language="de", colour="#00bb55")
    [entry] = AuditEntry.objects.filter(action="letters changed")
    assert (entry.actor, entry.subject, entry.desk) == ("tests", "harbour", office.desk)
    assert entry.data["after"] == {"language": "de", "colour": "#00bb55", "mail_footer": "Harbour"}
    assert entry.data["before"] == {"language": "en", "colour": "", "mail_footer": ""}


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_styles_stand_in_the_line_and_fetch_nothing(office, kind):
    change(office, colour="#0b5", footer=FOOTER)
    html = html_of(read(office.notice(kind, ALL_KINDS[kind])))
    assert re.search(r"url\(|@import|<link|<img|<script|src=", html) is None
    assert html.count("<style>") == 1
