"""The site's front page and the pages beside it, made of Markdown and the lessons; they work before all else loads."""

import json
import re
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

import mistune
from doit.tools import config_changed
from jupyterlite_core.addons.base import BaseAddon
from traitlets import List, Unicode

from ..notebooks import outline
from . import words
from .reading_page import mathml

PAGE = Path(__file__).parent / "page"
TEMPLATE, LESSON, PROGRESS = (PAGE / name for name in ("home.html", "lesson.html", "progress.html"))
LOST = PAGE / "404.html"
SCRIPTS = sorted(PAGE.glob("home*.js"))  # versions.py brings those that they share with the apps
HERE = "<!-- lessons -->"


class HomeAddon(words.Words, BaseAddon):
    """Put the home page and those beside it at the site's root, and what browsers and servers look for there."""

    __all__ = ("post_build",)

    source = Unicode("content/index.md", help=f"the home page; first its title, and {HERE} for the lessons").tag(
        config=True
    )
    beside = List(Unicode(), help="more pages, named as their Markdown files are").tag(config=True)
    notebooks = Unicode("notebooks", help="the folder of the lessons").tag(config=True)
    exercise = Unicode(r"\bchecks\.(\w+)\(", help="how a cell tagged `check` names its exercise").tag(config=True)

    def post_build(self, manager):
        home = manager.lite_dir / self.source
        sources = {"index": home} | {Path(name).stem: manager.lite_dir / name for name in self.beside}
        lessons = sorted((manager.lite_dir / self.notebooks).glob("*.ipynb"))
        icon = manager.output_dir / "favicon.ico"
        for name, source in sources.items():
            page = manager.output_dir / f"{name}.html"
            yield self.task(
                name=f"page:{name}",
                file_dep=[source, TEMPLATE, LESSON, PROGRESS, Path(outline.__file__), *lessons, *self.catalogues],
                uptodate=[config_changed({"language": self.language})],
                targets=[page],
                actions=[(self.write, [source, lessons, page])],
            )
        for script in SCRIPTS:
            target = manager.output_dir / "build" / script.name
            yield self.task(name=f"script:{script.name}", **self.translates(script, target))
        lost = manager.output_dir / LOST.name
        yield self.task(
            name="lost",
            file_dep=[LOST, *self.catalogues],
            uptodate=[config_changed({"language": self.language})],
            targets=[lost],
            actions=[(self.write_page, [lost, LOST])],
        )
        yield self.task(
            name="icon",
            targets=[icon],
            uptodate=[True],
            actions=[(self.copy_one, [manager.output_dir / "lab" / "favicon.ico", icon])],
        )

    def write(self, source: Path, notebooks: list[Path], page: Path) -> None:
        text = source.read_text(encoding="utf-8")
        title = text.splitlines()[0].lstrip("# ")
        lessons = [outline.outline(path, self.exercise) for path in notebooks]
        body = mistune.html(text).replace(HERE, self.arc(lessons))
        self.write_page(page, TEMPLATE, title=escape(title), body=body)

    def write_page(self, page: Path, template: Path, **parts: str) -> None:
        page.write_text(self.filled(template, language=self.language, **parts), encoding="utf-8")
        self.maybe_timestamp(page)

    def filled(self, template: Path, **parts: str) -> str:
        """A template in the site's language; the {places} of its sentences are filled as its own $places are."""
        text = template.read_text(encoding="utf-8")
        places = words.page(text, lambda sentence: self.say(sentence).replace("$", "$$").replace("{", "${"))
        return Template(places).substitute(parts)

    def arc(self, lessons: list[outline.Lesson]) -> str:
        """The lessons as a list, and what the reader has done of them."""
        return f'<ol class="lessons">\n{"".join(map(self.item, lessons))}</ol>\n{self.filled(PROGRESS)}'

    def item(self, lesson: outline.Lesson) -> str:
        count = len(lesson.exercises)
        exercises = self.say_count("{count} exercise", "{count} exercises", count).format(count=count)
        need = self.say("You need: {what}")
        return self.filled(
            LESSON,
            value="" if lesson.number is None else f' value="{lesson.number}"',
            name=escape(lesson.name),
            exercises=escape(json.dumps(lesson.exercises)),
            file=quote(f"{lesson.name}.ipynb"),
            page=quote(f"{lesson.name}.html"),
            title=escape(lesson.title),
            question=mistune.html(lesson.question),
            time=f"{escape(lesson.time[:1].upper() + lesson.time[1:])} · " if lesson.time else "",
            need=f'<p class="facts">{escape(need).format(what=_inline(lesson.need))}</p>\n' if lesson.need else "",
            count=escape(exercises if count else self.say("no exercises")),
        )


def _inline(markdown: str) -> str:
    formulas = re.sub(r"\$([^$]+)\$", lambda found: mathml(found[1]), markdown)
    return mistune.html(formulas).strip().removeprefix("<p>").removesuffix("</p>")
