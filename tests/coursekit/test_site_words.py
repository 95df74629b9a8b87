"""A site in another language: its pages, its scripts, and the Python that it starts."""

import doctest
import json

import pytest
from coursekit.addons import words
from coursekit.addons.early import BACKGROUND, START, EarlyAddon
from coursekit.addons.reading import ReadingAddon
from coursekit.addons.reading_page import render
from coursekit.addons.runtime import KERNEL_NEEDS, RuntimeAddon
from coursekit.notebooks.outline import Lesson
from jupyterlite_core.manager import LiteManager
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


def test_a_sentence_is_put_into_a_script_as_a_string_whatever_it_is():
    told = words.script('say(_("Found")); other._("kept"); name_("kept"); _(kept)', lambda text: text + HOSTILE)
    inside, rest = told.removeprefix("say(").split('); other._("kept"); name_("kept"); _(kept)')
    assert (json.loads(inside), rest) == (f"Found{HOSTILE}", "")


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


def test_one_line_of_configuration_speaks_for_every_addon_and_for_python(tmp_path):
    site = tmp_path / "site"
    (site / "static/pyodide").mkdir(parents=True)
    (site / "jupyter-lite.json").write_text('{"jupyter-config-data": {}}')
    (site / "static/pyodide/pyodide-lock.json").write_text(json.dumps(LOCK))
    for name in (BACKGROUND, START):
        (site / "static/pyodide" / name).write_bytes(b"")
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
    early.write(config)
    assert '"env": {"SPEAKS": "de", ' in (early.pyodide / "early.mjs").read_text()


def test_a_language_that_is_not_there_ends_the_build_with_those_that_are(tmp_path):
    manager = LiteManager(lite_dir=tmp_path, config=Config({"Words": {"language": "xx"}}))
    with pytest.raises(ValueError, match=r"^wanted one of the languages de, en, got 'xx'$"):
        ReadingAddon(manager=manager, parent=manager)
