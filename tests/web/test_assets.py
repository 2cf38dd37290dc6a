"""Scripts and styles: small, in one piece, and never out of date."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles.finders import find
from django.templatetags.static import static
from django.test import Client

from upheld.web.assets import stylesheet, stylesheet_address
from upheld.web.middleware.headers import FOR_ALL

FOLDER = Path(str(find("web/css/upheld.css"))).parent
MOST_SCRIPT = 60_000


def test_all_scripts_together_are_small():
    """What a browser loads for all pages of an agent together, as it comes over the line."""
    scripts = [*Path(str(find("web/js"))).glob("*.js"), Path(str(find("django_htmx/htmx-2.min.js")))]
    sizes = {each.name: len(gzip.compress(each.read_bytes())) for each in scripts}
    assert len(sizes) > 10
    assert sum(sizes.values()) <= MOST_SCRIPT, sizes


def test_the_stylesheet_is_one_file_with_all_that_it_imports(client: Client):
    written = (FOLDER / "upheld.css").read_text()
    imported = re.findall(r'url\("([^"]+)"\)', written)
    assert len(imported) > 40
    styles = stylesheet().decode()
    assert "@import" not in styles
    assert styles.count("@layer ") == len(imported) + 1
    assert styles.count("{") == styles.count("}")
    answer = client.get(stylesheet_address(), headers={"accept-encoding": "gzip"})
    assert answer["Cache-Control"] == FOR_ALL
    assert gzip.decompress(answer.content) == stylesheet()
    assert client.get(stylesheet_address()).content == stylesheet()


def test_every_file_of_styles_is_imported():
    apart = {"upheld.css", "foreign.css", "pages/portal.css", "pages/policy.css"}
    files = {str(each.relative_to(FOLDER)) for each in FOLDER.rglob("*.css")} - apart
    assert files == set(re.findall(r'url\("([^"]+)"\)', (FOLDER / "upheld.css").read_text()))


def test_a_page_from_before_an_upgrade_gets_the_styles_of_now_and_does_not_keep_them(client: Client):
    answer = client.get("/styles/0123456789ab.css")
    assert answer.content == stylesheet()
    assert answer["Cache-Control"] == "no-store"
    assert client.get("/styles/x.css").status_code == 404


def test_addresses_of_static_files_change_with_their_content():
    assert re.fullmatch(r"/static/web/js/keys\.js\?v=[0-9a-f]{12}", static("web/js/keys.js"))
    assert static("web/js/keys.js")[-12:] != static("web/js/command.js")[-12:]
