"""A window that is handed its pages and its frames, and that writes down whatever a page of ours must never do: run a
stranger's script, ask anything of anybody, open a window or a dialog, or go elsewhere."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.staticfiles.finders import find
from django.http import HttpResponse
from hostile_markup import Vector
from playwright.sync_api import BrowserContext, Frame, Route

from upheld.web.assets import stylesheet

HOST = "http://localhost"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_LISTENS = "addEventListener('message', ({data}) => (window.heard ??= []).push(data))"

# What may be left of a stranger's markup, told apart from the program's own allow-lists.
JUDGE = """
(roots) => {
  const TAGS = new Set(('a abbr b blockquote br caption center code col colgroup dd del details div dl dt em font'
    + ' h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre q s small span strong sub summary sup table tbody td tfoot th thead'
    + ' tr u ul').split(' '));
  const NAMES = new Set(('align alt bgcolor border cellpadding cellspacing class color colspan dir face height href'
    + ' lang rel referrerpolicy rowspan size span src start style target title type valign width').split(' '));
  const CLASSES = new Set(['', 'quoted', 'quotation', 'leads', 'mention']);
  const wrong = [];
  for (const [name, root] of roots) for (const each of root.querySelectorAll('*')) {
    const say = (what) => wrong.push(`${name}: ${what} in ${each.outerHTML.slice(0, 150)}`);
    if (each.namespaceURI !== 'http://www.w3.org/1999/xhtml' || !TAGS.has(each.localName)) say('an element');
    for (const {name: attribute, value} of each.attributes) {
      if (!NAMES.has(attribute)) say(`the attribute ${attribute}`);
      if (attribute === 'class' && !CLASSES.has(value)) say('a class');
      if (attribute === 'target' && value !== '_blank') say('a target');
      if (attribute === 'src' && !/^data:image.(png|jpeg|gif|webp);base64,/.test(value)) say('a source');
    }
    if (each.hasAttribute('href') && !['http:', 'https:', 'mailto:'].includes(each.protocol)) say('where it leads');
    if (each.hasAttribute('href') && !each.rel.includes('noopener')) say('an opener');
    const looks = getComputedStyle(each);
    if (looks.position !== 'static' || looks.transform !== 'none' || looks.opacity !== '1') say('where it stands');
    if (looks.animationName !== 'none' || looks.filter !== 'none' || looks.clipPath !== 'none') say('how it looks');
    if (parseFloat(looks.marginTop) < 0 || parseFloat(looks.marginLeft) < 0) say('a margin');
    if (parseFloat(looks.fontSize) > 200) say('a size');
    const { backgroundImage, listStyleImage, cursor, content, borderImageSource } = looks;
    if ([backgroundImage, listStyleImage, cursor, content, borderImageSource].some((value) => value.includes('url(')))
      say('an address in its style');
  }
  return wrong;
}
"""


@dataclass
class Trouble:
    """What happened, by the number of the vector where it tells one, else by where it happened."""

    ran: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)

    def asked_by(self, vector: Vector) -> bool:
        """Whether this vector made the browser ask for an address."""
        return any(_number(address) == str(vector.number) for address in self.asked)

    def named(self, vectors: Iterable[Vector]) -> list[str]:
        """The trouble in words, each vector by its class and name."""
        names = {str(each.number): f"{each.kind} - {each.name}" for each in vectors}
        ran = [f"{names.get(each, each)}: ran" for each in self.ran]
        asked = [f"{names.get(_number(each), 'something')}: asked for {each}" for each in self.asked]
        return ran + asked + self.said


def _number(address: str) -> str:
    return "".join(takewhile(str.isdigit, address.partition("evil.example/")[2]))


class WatchedPage:
    """`answers` are the pages and frames by their path; a reader follows no link, so nothing else is navigated to."""

    def __init__(self, context: BrowserContext) -> None:
        self.answers: dict[str, HttpResponse] = {}
        self.trouble = Trouble()
        self.page = context.new_page()
        self.page.add_init_script(_LISTENS)
        self.page.route("**/*", self._answer)
        self.page.on(
            "dialog",
            lambda dialog: (self.trouble.said.append(f"a dialog: {dialog.message}"), dialog.dismiss()),
        )
        self.page.on("popup", lambda opened: self.trouble.said.append(f"a window: {opened.url}"))
        self.page.on("pageerror", lambda error: self.trouble.said.append(f"an error: {error}"))
        self.page.on("download", lambda file: self.trouble.said.append(f"a download: {file.url}"))

    def show(self, address: str, answers: Mapping[str, HttpResponse]) -> Trouble:
        """Show the page of this address with its frames, and return what happened until all have loaded."""
        self.answers, self.trouble = dict(answers), Trouble()
        self.page.goto(HOST + address, wait_until="load", timeout=60_000)
        return self.trouble

    def settle(self) -> Trouble:
        """Let what waits for a moment happen, and take down who said that they ran."""
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))")
        self.trouble.ran.update(str(each) for each in self.page.evaluate("window.heard ?? []"))
        if urlsplit(self.page.url).path not in self.answers:
            self.trouble.said.append(f"the page went to {self.page.url}")
        return self.trouble

    def frames(self) -> Iterable[tuple[str, Frame]]:
        """The frames of ours, by their path."""
        for frame in self.page.main_frame.child_frames:
            path = urlsplit(frame.url).path
            if path in self.answers:
                yield path, frame

    def _answer(self, route: Route) -> None:
        request = route.request
        address = urlsplit(request.url)
        path = address.path
        ours = address.netloc == "localhost" and address.scheme == "http"
        if ours and path in self.answers and request.is_navigation_request():
            answer = self.answers[path]
            route.fulfill(status=answer.status_code, headers=dict(answer.items()), body=answer.content)
        elif ours and path.startswith("/styles/"):
            route.fulfill(content_type="text/css", body=stylesheet())
        elif ours and path.startswith("/static/") and (found := find(path.removeprefix("/static/"))):
            file = Path(str(found))
            kind = _TYPES.get(file.suffix, "application/octet-stream")
            route.fulfill(content_type=kind, body=file.read_bytes())
        elif (
            ours
            and path.startswith(("/events/", "/alerts/", "/tickets/"))
            and request.frame == self.page.main_frame
        ):
            # What the desk's own pages ask of the desk.
            route.fulfill(status=204)
        else:
            self.trouble.asked[request.url] += 1
            route.abort()
