"""Tell a learner's own copy from an old original: the browser's copy of a notebook would hide every newer one."""

import json
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import nbformat
from jupyterlite_core.addons.base import BaseAddon
from traitlets import List, Unicode

from ..notebooks.version import version
from .pages import insert_into_head
from .words import Words

PAGE = Path(__file__).parent / "page"
SCRIPTS = sorted(PAGE.glob("versions*.js"))
LIST = "build/versions.json"


class VersionsAddon(Words, BaseAddon):
    """List the version of each notebook that the site ships, and let the apps and the home page compare by it."""

    __all__ = ("post_build",)

    pages = List(Unicode(), ["lab/index.html", "notebooks/index.html"], help="the pages that open notebooks").tag(
        config=True
    )

    originals = List(Unicode(), help="patterns of files that are read and run, but never saved over").tag(config=True)

    def post_build(self, manager):
        site = manager.output_dir
        files = sorted(path for path in (site / "files").rglob("*") if path.is_file())
        listed = site / LIST
        yield self.task(name="list", file_dep=files, targets=[listed], actions=[(self.write, [site / "files", files])])
        # Behind the addon that writes the index, by the order of their names.
        yield self.task(name="index", uptodate=[lambda: not list(self.still_writable())], actions=[(self.protect, [])])
        for source in SCRIPTS:
            target = site / "build" / source.name
            yield self.task(name=f"script:{source.name}", **self.translates(source, target))
        for name in self.pages:
            page = site / name
            tag = f'<script type="module" src="{"../" * name.count("/")}build/versions.js"></script>'
            yield self.task(name=f"page:{name}", file_dep=[page], actions=[(insert_into_head, [self, page, tag])])

    def still_writable(self) -> Iterator[tuple[Path, dict]]:
        """Each page of the index that lets an original be saved, and what it should say."""
        for path in sorted((self.manager.output_dir / "api/contents").rglob("all.json")):
            index, found = json.loads(path.read_text(encoding="utf-8")), False
            for one in index["content"]:
                if one["writable"] and any(fnmatch(one["path"], pattern) for pattern in self.originals):
                    one["writable"], found = False, True
            if found:
                yield path, index

    def protect(self) -> None:
        for path, index in list(self.still_writable()):
            path.write_text(json.dumps(index, indent=2, sort_keys=True), encoding="utf-8")
            self.maybe_timestamp(path)

    def write(self, folder: Path, files: list[Path]) -> None:
        versions = {path.relative_to(folder).as_posix(): _version(path) for path in files}
        listed = self.manager.output_dir / LIST
        listed.parent.mkdir(exist_ok=True)
        listed.write_text(json.dumps(versions, indent=1), encoding="utf-8")
        self.maybe_timestamp(listed)


def _version(path: Path) -> str:
    """The version of a notebook; another file has none, and is listed as one of the course's."""
    return version(nbformat.read(path, as_version=4)) if path.suffix == ".ipynb" else ""
