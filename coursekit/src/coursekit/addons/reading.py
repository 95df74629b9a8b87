"""Every lesson as a page to read, before anything is started: no kernel, no network but the page itself."""

import gzip
import json
from pathlib import Path

import nbformat
from doit.tools import config_changed
from jupyterlite_core.addons.base import BaseAddon
from traitlets import Int, Unicode

from ..notebooks import editions, outline
from . import reading_page, reading_search
from .words import Words

PAGE = Path(__file__).parent / "page"
SCRIPT = PAGE / "reading.js"
SOURCES = [
    *sorted(PAGE.glob("reading*")),
    *(Path(module.__file__) for module in (reading_page, reading_search, editions, outline)),
]


class ReadingAddon(Words, BaseAddon):
    """Put `read/NAME.html` into the site for each notebook, with what one needs to search them all."""

    __all__ = ("check", "post_build")

    source = Unicode("notebooks", help="the folder of complete, executed, committed notebooks").tag(config=True)
    home = Unicode("content/index.md", help="the home page, whose first line is the course's title").tag(config=True)
    most = Int(300_000, help="bytes that a page may have, compressed").tag(config=True)

    @property
    def notebooks(self) -> list[Path]:
        return sorted((self.manager.lite_dir / self.source).glob("*.ipynb"))

    @property
    def output(self) -> Path:
        return self.manager.output_dir / "read"

    def post_build(self, manager):
        home, pages = manager.lite_dir / self.home, []
        notebooks = [None, *self.notebooks, None]
        for before, notebook, after in zip(notebooks, notebooks[1:], notebooks[2:], strict=False):
            pages.append(self.output / f"{notebook.stem}.html")
            yield self.task(
                name=f"page:{notebook.stem}",
                file_dep=[home, *filter(None, (before, notebook, after)), *SOURCES, *self.catalogues],
                uptodate=[config_changed({"language": self.language})],
                targets=[pages[-1]],
                actions=[(self.write_page, [home, before, notebook, after, pages[-1]])],
            )
        index, script = self.output / "search.json", self.output / SCRIPT.name
        yield self.task(
            name="search", file_dep=[*pages, *SOURCES], targets=[index], actions=[(self.write_index, [pages, index])]
        )
        yield self.task(name="script", **self.translates(SCRIPT, script))

    def check(self, manager):
        pages = [self.output / f"{notebook.stem}.html" for notebook in self.notebooks]
        yield self.task(name="size", file_dep=pages, actions=[(self.check_sizes, [pages])])

    def write_page(self, home: Path, before: Path | None, notebook: Path, after: Path | None, page: Path) -> None:
        course = home.read_text(encoding="utf-8").splitlines()[0].lstrip("# ")
        around = [path and outline.outline(path, _NOTHING) for path in (before, notebook, after)]
        html = reading_page.render(nbformat.read(notebook, as_version=4), course, *around, self.language)
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(html, encoding="utf-8")
        self.maybe_timestamp(page)

    def write_index(self, pages: list[Path], index: Path) -> None:
        found = [section for page in pages for section in reading_search.sections(page)]
        index.parent.mkdir(parents=True, exist_ok=True)
        index.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        self.maybe_timestamp(index)

    def check_sizes(self, pages: list[Path]) -> None:
        """Raise ValueError for a page that has grown too large for a slow line."""
        for page in pages:
            size = len(gzip.compress(page.read_bytes(), mtime=0))
            if size > self.most:
                raise ValueError(f"{page.name} should have at most {self.most} bytes compressed; it has {size}")


#: a pattern that finds nothing: which exercises a lesson has is not asked here
_NOTHING = r"(?!)"
