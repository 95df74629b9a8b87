"""The course in its second language: a site built in German says nothing of its own in English."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from coursekit.addons import words
from coursekit.server import serving
from coursekit.testing.lab import Lab
from coursekit.words import read

ROOT = Path(__file__).parents[2]
LESSON = "01-attention-by-hand"
NOT_BUILT_FROM = (".*", "build", "tests", "__pycache__")
WAIT = 120_000
WRONG = "def my_scores(query, key):\n    return query @ key.T / np.sqrt(query.shape[-1])"
#: the parts of a page in which an author has no word
OURS = "header form, .said, nav, footer, .skip, .bar, .label, .python, .facts, #work, #course-notices"
#: what one sees of a part, and what is read aloud of it, piece by piece
TOLD = """parts => parts.flatMap((part) => [part, ...part.querySelectorAll("*")]).flatMap((e) => [
  ...["aria-label", "title", "alt", "placeholder"].map((name) => e.getAttribute(name)),
  ...[...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data),
]).map((text) => text?.trim()).filter(Boolean)"""


def english() -> list[str]:
    """Every sentence that a page says otherwise in German."""
    catalogue = read(words.LOCALE / "de/LC_MESSAGES/site.po")
    sources = [
        (message.id if isinstance(message.id, tuple) else (message.id,), message.string) for message in catalogue
    ]
    return [one for ids, told in sources if ids != (told,) for one in ids if one]


ENGLISH = re.compile("|".join(re.sub(r"(\\ )?\\{\w+\\}", ".*", re.escape(one)) for one in english()))


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """The course as it is but for one word of its configuration, and fewer lessons."""
    folder = tmp_path_factory.mktemp("german") / "course"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_BUILT_FROM))
    for notebook in (folder / "notebooks").glob("*.ipynb"):
        if notebook.stem != LESSON:
            notebook.unlink()
    config = folder / "jupyter_lite_config.json"
    settings = json.loads(config.read_text(encoding="utf-8"))
    config.write_text(json.dumps(settings | {"Words": {"language": "de"}}), encoding="utf-8")
    (folder / "build").mkdir()
    made = subprocess.run(
        [sys.executable, "-m", "jupyter", "lite", "build"], cwd=folder, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return folder / "build" / "site"


@pytest.fixture(scope="module")
def lab(site, built):
    """One profile for all pages: what was done on one is told on another."""
    with serving(built) as url, site.browser.new_context() as context:
        lab = Lab(context.new_page(), url)
        yield lab
        assert site.unexplained(lab.errors) == []


def left_in_english(page) -> list[str]:
    told = page.locator(OURS).evaluate_all(TOLD)
    assert told
    return [text for text in told if ENGLISH.fullmatch(text)]


def test_no_script_of_the_course_holds_an_english_sentence(built):
    ours = {path.name for path in Path(words.__file__).parent.glob("page/*.*js")}
    texts = {path: path.read_text(encoding="utf-8") for path in built.rglob("*.*js") if path.name in ours}
    sentences = [json.dumps(one, ensure_ascii=False) for one in english() if " " in one]
    assert len(texts) >= len(ours) - 1  # the worker's own has another name
    assert [(path.name, one) for path, text in texts.items() for one in sentences if one in text] == []


def test_a_lesson_comes_alive_in_german_and_so_does_its_verdict(lab):
    page = lab.page
    page.goto(f"{lab.url}read/{LESSON}.html")
    page.get_by_role("button", name="Bearbeiten, Zelle 6", exact=True).click()
    page.locator("[data-cell='scores-exercise'] textarea").fill(WRONG)
    check = page.locator("[data-cell='scores-check']")
    check.get_by_role("button", name=re.compile("^Bis hierher ausführen")).click()
    page.locator(".python [role=status]").filter(has_text="Fertig:").wait_for(timeout=WAIT)
    assert "Zu früh skaliert" in check.locator(".output").inner_text()
    assert page.locator("html").get_attribute("lang") == "de"
    assert left_in_english(page) == []


def test_the_front_page_is_german(lab):
    page = lab.page
    page.goto(lab.url)
    page.locator("#total").filter(has_text=re.compile(r"^Insgesamt 0 von \d+ Aufgaben gelöst\.$")).wait_for()
    page.get_by_role("searchbox", name="Alle Lektionen durchsuchen").fill("softmax")
    page.locator(".said").filter(has_text=re.compile(r"\d+ Abschnitte gefunden")).wait_for()
    assert page.locator("html").get_attribute("lang") == "de"
    assert left_in_english(page) == []


def test_a_wrong_link_leads_to_a_german_page(lab):
    page = lab.page
    page.goto(f"{lab.url}404.html")
    page.get_by_role("link", name="Zur Startseite des Kurses").wait_for()
    assert page.title() == page.locator("h1").inner_text() == "Diese Seite gibt es nicht"
    assert page.locator("main p").first.inner_text().startswith("Vielleicht ist die Adresse vertippt")
    assert page.locator("html").get_attribute("lang") == "de"


def test_a_notebook_gives_its_notices_in_german(lab):
    page = lab.page
    lab.open(f"solutions/{LESSON}.ipynb")
    notices = page.locator("#course-notices")
    notices.get_by_text("Das ist das Original des Kurses").wait_for()
    assert notices.get_by_role("button", name="Schließen").first.is_visible()
    assert page.locator("a#jp-NotebookLogo").get_attribute("aria-label") == "Startseite des Kurses"
    assert page.locator("html").get_attribute("lang") == "de", "the apps say the language of their menus"
    assert left_in_english(page) == []
