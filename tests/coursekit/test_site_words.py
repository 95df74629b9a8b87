"""A site in another language: its pages, its scripts, and the Python that it starts."""

import doctest
import gettext
import json
import zipfile

import pytest
from coursekit.addons import words
from coursekit.addons.early import EarlyAddon
from coursekit.addons.home import HomeAddon
from coursekit.addons.reading import ReadingAddon
from coursekit.addons.reading_page import render
from coursekit.addons.runtime import KERNEL_NEEDS, RuntimeAddon
from coursekit.notebooks.outline import Lesson
from jupyterlite_core.manager import LiteManager
from nbformat import write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from traitlets.config import Config

pytestmark = pytest.mark.native

KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
PACKAGES = {name: {"depends": [], "file_name": f"{name}.whl"} for name in KERNEL_NEEDS}
LOCK = {"packages": PACKAGES, "info": {"python": "3.14.0"}}
HOSTILE = '</script><b title="x">&\\'


def test_the_examples_in_the_words_hold():
    assert doctest.testmod(words).failed == 0


def test_a_sentence_is_put_into_a_page_as_text_whatever_it_is():
    told = words.page('<a title="{{ _("Search") }}">{{_("Say \\"yes\\"")}}</a>{{ other }}', lambda text: text + HOSTILE)
    safe = "&lt;/script&gt;&lt;b title=&quot;x&quot;&gt;&amp;\\"
    assert told == f'<a title="Search{safe}">Say &quot;yes&quot;{safe}</a>{{{{ other }}}}'


class Hostile(gettext.NullTranslations):
    """Three plurals, and every sentence with markup."""

    def info(self):
        return {"plural-forms": "nplurals=3; plural=n == 1 ? 0 : n < 5 ? 1 : 2;"}

    def gettext(self, message):
        return message + HOSTILE

    def ngettext(self, one, many, n):
        return f"{one if n == 1 else many} ({'few' if n < 5 else 'more'}){HOSTILE}"


def test_a_sentence_is_put_into_a_script_as_a_string_whatever_it_is():
    told = words.script('say(_("Found")); other._("kept"); name_("kept"); _(kept)', Hostile())
    inside, rest = told.removeprefix("say(").split('); other._("kept"); name_("kept"); _(kept)')
    assert (json.loads(inside), rest) == (f"Found{HOSTILE}", "")


def test_a_script_has_every_plural_of_a_language_and_its_rule():
    told = words.script('say(_n("one", "many", all.length), 1)', Hostile())
    forms = json.dumps([f"one (few){HOSTILE}", f"many (few){HOSTILE}", f"many (more){HOSTILE}"])
    assert told == f"say(((n) => {forms}[Number(n == 1 ? 0 : n < 5 ? 1 : 2)])(all.length), 1)"
    assert words.plurals(words.catalogue("de")) == ("(n != 1)", [1, 0])
    french = gettext.NullTranslations()
    french._info = {"plural-forms": "nplurals=2; plural=(n > 1);"}
    assert words.plurals(french) == ("(n > 1)", [1, 2]), "in English, nought has the plural"


def reading(language):
    exercise = new_code_cell("# solution begins\nf\n# solution ends", metadata={"tags": ["exercise"]})
    cells = [exercise, new_markdown_cell("|a|\n|-|\n|1|")]
    return render(new_notebook(cells=cells), "Kurs", None, Lesson("01-one", "One", "", "", ()), None, language)


def test_a_page_to_read_says_its_own_sentences_in_german():
    page, english = reading("de"), reading("en")
    assert '<html lang="de">' in page and '<html lang="en">' in english
    for said, source in (("Ausführen</a>", "Run it</a>"), ('aria-label="Tabelle"', 'aria-label="Table"')):
        assert said in page and source not in page
        assert source in english and said not in english
    live = '<a href="../notebooks/index.html?path=01-one.ipynb">'
    assert f"Das schreibst du: {live}Führ die Lektion aus</a> und ergänze es." in page
    assert '<a href="../notebooks/index.html?path=live/01-one.ipynb">Live-Fassung</a>' in page


def home(tmp_path, language):
    for folder in ("content", "notebooks", "site/build", "site/lab"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    cells = [new_markdown_cell("# A {b} & $c\n\n**You need:** $x$")]
    cells += [new_code_cell(f"checks.{name}(f)", metadata={"tags": ["check"]}) for name in ("first", "second")]
    write(new_notebook(cells=cells), tmp_path / "notebooks/02-one.ipynb")
    write(new_notebook(cells=cells[:2]), tmp_path / "notebooks/03-two.ipynb")
    (tmp_path / "content/index.md").write_text("# A\n\n<!-- lessons -->")
    (tmp_path / "site/lab/favicon.ico").write_bytes(b"icon")
    manager = LiteManager(lite_dir=tmp_path, output_dir=tmp_path / "site")
    for task in HomeAddon(manager=manager, language=language).post_build(manager):
        for action, arguments in task["actions"]:
            action(*arguments)
    return manager.output_dir


def test_the_front_page_says_its_own_sentences_in_german_and_titles_as_they_are(tmp_path):
    site = home(tmp_path, "de")
    page = (site / "index.html").read_text()
    assert '<html lang="de">' in page and "{{" not in page
    assert 'aria-label="Live-Fassung von A {b} &amp; $c">Live-Fassung</a>' in page
    assert '<p class="facts">Du brauchst: <math><mi>x</mi></math></p>' in page
    assert ">2 Aufgaben<" in page and ">1 Aufgabe<" in page and '<h2 id="work-title">Deine Arbeit</h2>' in page
    lost = (site / "404.html").read_text()
    assert '<html lang="de">' in lost and "<h1>Diese Seite gibt es nicht</h1>" in lost
    assert '"{right} von {count} Aufgaben gelöst"' in (site / "build/home-progress.js").read_text()


def test_dates_are_written_as_in_the_catalogues_language():
    for language in words.languages():
        assert words.catalogue(language).gettext("en-GB").startswith((language, "en-GB"))
    assert words.catalogue("de").gettext("en-GB") == "de-DE"


def test_one_line_of_configuration_speaks_for_every_addon_and_for_python(tmp_path, monkeypatch):
    site = tmp_path / "site"
    (site / "static/pyodide").mkdir(parents=True)
    (site / "jupyter-lite.json").write_text('{"jupyter-config-data": {}}')
    (site / "static/pyodide/pyodide-lock.json").write_text(json.dumps(LOCK))
    for name in ("python_stdlib.zip", *(package["file_name"] for package in LOCK["packages"].values())):
        zipfile.ZipFile(site / "static/pyodide" / name, "w").close()
    (tmp_path / "build").mkdir()
    (tmp_path / "build/runtime.json").write_text("{}")
    (site / "extensions/@jupyterlite/pyodide-kernel-extension/static").mkdir(parents=True)
    (site / "extensions/@jupyterlite/pyodide-kernel-extension/static/comlink.worker.0.js").write_text("")
    python = {"environment": {"SPEAKS": "{language}"}, "prefetch": []}
    settings = {"Words": {"language": "de"}, "RuntimeAddon": python}
    manager = LiteManager(lite_dir=tmp_path, output_dir=site, config=Config(settings))
    runtime, early = RuntimeAddon(manager=manager, parent=manager), EarlyAddon(manager=manager, parent=manager)
    assert ReadingAddon(manager=manager, parent=manager).language == "de"
    config = site / "jupyter-lite.json"
    runtime.configure(config, site / "static/pyodide/pyodide-lock.json")
    loaded = json.loads(config.read_text())["jupyter-config-data"]["litePluginSettings"][KERNEL]["loadPyodideOptions"]
    assert loaded["env"] == {"SPEAKS": "de"}
    asked = []
    monkeypatch.setattr("coursekit.addons.early.make_snapshot", lambda *given: asked.append(given) or (b"", []))
    early.write_snapshot(config)
    ((_, _, _, environment),) = asked
    assert environment["SPEAKS"] == "de"
    early.write_packs(config)
    early.write(config)
    assert "Python wird noch geholt" in (early.pyodide / "early.js").read_text()


def test_a_language_that_is_not_there_ends_the_build_with_those_that_are(tmp_path):
    manager = LiteManager(lite_dir=tmp_path, config=Config({"Words": {"language": "xx"}}))
    with pytest.raises(ValueError, match=r"^wanted one of the languages de, en\b.*, got 'xx'$"):
        ReadingAddon(manager=manager, parent=manager)
