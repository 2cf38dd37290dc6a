"""Each pack's page, in a browser and in a terminal, says every figure that the pack says."""

import re
from datetime import UTC, datetime
from functools import cache
from html import unescape
from importlib import import_module

import pytest

from upheld.config.policy_text import page_text
from upheld.policy import freeze, from_frozen, pack, packs
from upheld.policy.document import Document
from upheld.web.portal.policy_file import policy_file
from upheld.web.portal.presenting.policy import policy_page

NOW = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)


def figures():
    return [(name, figure) for name in packs() for figure in figures_of(name)]


def figures_of(name):
    return import_module(f"test_{name.replace('-', '_')}").FIGURES


@cache
def read(name):
    frozen = freeze(pack(name), range(2025, 2028), name)
    return Document.model_validate(frozen["document"]), from_frozen(frozen)


@cache
def page(name):
    document, policy = read(name)
    return policy_file(document, policy, NOW, policy.zone)


@cache
def in_terminal(name):
    document, policy = read(name)
    return page_text(policy_page(document, policy, NOW, policy.zone), width=100, in_colour=False)


def letters(words):
    """Words without marks and spaces, so that neither a tag nor a line's end stands between two of them."""
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", words))).replace("–", "-")


def words_of(text):
    return {letters(word).strip(".,:;()“”") for word in text.split()}


def test_there_is_a_list_of_figures_for_every_pack():
    assert all(len(figures_of(name)) > 10 for name in packs())


@pytest.mark.parametrize(("name", "figure"), figures())
def test_every_figure_is_on_the_page(name, figure):
    assert letters(figure) in letters(page(name).split("</style>")[1])


@pytest.mark.parametrize("name", packs())
def test_every_figure_is_in_the_terminal(name):
    # Where a cell has several lines, the lines of its neighbours stand between them: each word for itself.
    told = words_of(in_terminal(name))
    for figure in figures_of(name):
        assert words_of(figure) - told == set(), figure


@pytest.mark.parametrize("name", packs())
def test_every_promise_in_the_source_s_words_is_there(name):
    document, _policy = read(name)
    for part in document.targets:
        assert letters(part.clause) in letters(page(name)), part.id


@pytest.mark.parametrize("name", packs())
def test_every_reading_that_is_marked_is_told(name):
    told = page(name)
    marked = set(re.findall(r'href="#reading-(\d+)"', told))
    assert marked and marked == set(re.findall(r'id="reading-(\d+)"', told))


def test_a_contract_that_promises_responses_only_speaks_of_no_other_clock():
    told = page("maintenance-contract").split("</style>")[1]
    headings = re.findall(r'<th scope="col">(.*?)</th>', told)
    assert "First response" in headings and "You hear from us" in headings
    assert not [each for each in headings if re.search("resol|solved", each, re.IGNORECASE)]
    assert not re.search(r"\bresolution\b", re.sub(r"<[^>]+>", " ", told), re.IGNORECASE)
    assert not re.search(r"\bresolution\b", in_terminal("maintenance-contract"), re.IGNORECASE)
