"""The whole policy in a real browser: on a phone and on a wide screen, in light and in dark, on paper."""

import re
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from harness.cast import LONG_AGO, Cast
from upheld.desks.actions import create_desk
from upheld.desks.models import Desk, PolicyVersion
from upheld.policy import freeze, pack, packs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Contrast of every text with what lies behind it, as WCAG 2.2 counts it; colours are painted to learn their values.
TOO_FAINT = """
() => {
  const canvas = document.createElement('canvas'); canvas.width = canvas.height = 1;
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  const rgba = colour => { pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
  const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = ([r, g, b]) => { const [x, y, z] = [r, g, b].map(c => { c /= 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z; };
  const behind = element => { const layers = [];
    for (let each = element; each; each = each.parentElement) {
      const colour = rgba(getComputedStyle(each).backgroundColor); layers.push(colour); if (colour[3] === 1) break; }
    return layers.reduceRight((under, top) => over(top, under), [255, 255, 255, 1]); };
  const found = [];
  for (const element of document.querySelectorAll('main *')) {
    const said = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    const box = element.getBoundingClientRect();
    if (!said || !box.width || element.closest('.visually-hidden, title, desc, option')) continue;
    const style = getComputedStyle(element);
    const drawn = element.tagName === 'text';
    const ground = drawn ? rgba(getComputedStyle(element.ownerSVGElement.querySelector('.box rect')).fill)
                         : behind(element);
    const ink = over(rgba(drawn ? style.fill : style.color), ground);
    const [high, low] = [light(ink), light(ground)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize), bold = parseInt(style.fontWeight) >= 700;
    const wanted = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < wanted) found.push(`${element.className} ${element.textContent.trim().slice(0, 30)} ${ratio}`);
  }
  return found;
}
"""
# Words that stick out of their picture, or are too small to read.
BADLY_DRAWN = """
() => [...document.querySelectorAll('svg.flow')].filter(svg => svg.getBoundingClientRect().width).flatMap(svg => {
  const edge = svg.getBoundingClientRect();
  const boxes = [...svg.querySelectorAll('.box rect:not(.bar)')].map(each => each.getBoundingClientRect());
  return [...svg.querySelectorAll('text')].filter(text => {
    const said = text.getBoundingClientRect();
    const inside = boxes.find(box => said.top >= box.top - 1 && said.bottom <= box.bottom + 1);
    const right = inside ? inside.right : edge.right;
    return said.left < edge.left || said.right > right || said.height < 12;
  }).map(text => text.textContent);
})
"""
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def desks(cast: Cast) -> list[Desk]:
    """A desk for each shipped policy."""
    return [desk_of(name, number) for number, name in enumerate(packs())]


@cache
def frozen_of(name: str) -> dict[str, Any]:
    return freeze(pack(name), range(2024, 2032))


def desk_of(name: str, number: int) -> Desk:
    desk = create_desk(
        slug=f"with-{name}",
        name=name,
        prefix=f"P{number}",
        zone="Europe/London",
        address=f"{name}@desk.example.com",
        by="tests",
        now=LONG_AGO,
    )
    frozen = frozen_of(name)
    PolicyVersion.objects.create(
        desk=desk,
        number=1,
        source=pack(name),
        document=frozen,
        digest=frozen["digest"],
        effective_from=LONG_AGO,
        published_at=LONG_AGO,
        published_by="tests",
        zone_data_version="",
    )
    return desk


def test_it_is_readable_at_every_width_in_light_and_dark(
    live_server, browser: Browser, desks: list[Desk]
) -> None:
    said: list[str] = []
    for width, scheme in ((360, "light"), (360, "dark"), (768, "light"), (1440, "light"), (1440, "dark")):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        for desk in desks:
            page.goto(f"{live_server.url}/help/{desk.slug}/policy/")
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            where = (desk.slug, width, scheme)
            assert not page.evaluate(TOO_WIDE), where
            assert page.evaluate(TOO_FAINT) == [], where
            assert page.evaluate(BADLY_DRAWN) == [], where
            shown = page.locator("#flow svg.flow:visible")
            expect(shown).to_have_count(1)
            assert ("narrow" if width < 896 else "wide") in str(shown.get_attribute("class")), where
        context.close()
    assert said == []


def test_a_phone_shows_the_start_page_of_every_policy(
    live_server, browser: Browser, desks: list[Desk]
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    for desk in desks:
        page.goto(f"{live_server.url}/help/{desk.slug}/")
        assert not page.evaluate(TOO_WIDE), desk.slug
        page.get_by_role("link", name="The whole policy").click()
        expect(page).to_have_url(re.compile(f"/help/{desk.slug}/policy/$"))
    context.close()


def test_somebody_chooses_their_plan_without_javascript(live_server, browser: Browser, cast: Cast) -> None:
    desk = desk_of("success-plans", 9)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/help/{desk.slug}/policy/")
    page.get_by_label("Your plan").select_option(label="Premium Success Plan")
    page.get_by_role("button", name="Show my times").click()
    expect(page).to_have_url(re.compile(r"\?plan=premium#now$"))
    expect(page.locator("#now")).to_contain_text("within 1 working hour")
    expect(page.locator("#now table")).not_to_contain_text("within 2 business days")
    page.get_by_role("link", name="Show everybody’s").click()
    expect(page.locator("#now table")).to_contain_text("within 2 business days")
    context.close()


def test_on_paper_what_is_folded_is_open_and_colours_are_light(
    live_server, browser: Browser, cast: Cast
) -> None:
    context = browser.new_context(viewport={"width": 680, "height": 960}, color_scheme="dark")
    page = context.new_page()
    page.goto(f"{live_server.url}/help/school-devices/policy/")
    page.emulate_media(media="print", color_scheme="light")
    expect(page.get_by_text("Urgent: response in up to 2 working hours.")).to_be_visible()
    expect(page.locator("header.bar")).to_be_hidden()
    expect(page.locator("#flow svg.wide")).to_be_visible()
    assert not page.evaluate(TOO_WIDE)
    assert page.evaluate(TOO_FAINT) == []
    context.close()
