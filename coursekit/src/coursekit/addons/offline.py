"""Let the whole course be used without a network: a list of its files, a service worker, a script on every page."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Template

from jupyterlite_core.addons.base import BaseAddon
from jupyterlite_core.app import LiteCheckApp
from jupyterlite_core.constants import SHA256SUMS
from traitlets import Float, List, Unicode

from ..patterns import is_among
from .pages import ANYWHERE, insert_into_head, integrity_of
from .words import Words

PAGE = Path(__file__).parent / "page"
SCRIPT, TEMPLATE = PAGE / "offline.js", PAGE / "offline-worker.js"
TAG = re.compile(r'\n(<script src="[^"]*build/offline\.js"[^>]*></script>)')
LIST, WORKER = "offline.json", "service-worker.js"
UNLISTED = (LIST, WORKER, SHA256SUMS)


class OfflineAddon(Words, BaseAddon):
    """Name every file of the finished site with its hash, and put a service worker before them that keeps them."""

    __all__ = ("post_build", "check")

    home = Unicode("index.html", help="the page that says whether the course can be used without a network").tag(
        config=True
    )
    quiet = Float(10, help="seconds a page is ready before the rest is fetched").tag(config=True)
    leave_out = List(Unicode(), help="patterns of files that no page asks for, ! for exceptions").tag(config=True)

    def post_build(self, manager):
        if isinstance(manager.parent, LiteCheckApp):
            return  # It builds first what has changed; listed anew, a damaged file would pass.
        yield self.task(
            name="site",
            # Last: what is named with its hash must not change any more.
            task_dep=list(self.others(manager)),
            uptodate=[self.is_current],
            actions=[self.write],
        )

    def others(self, manager) -> Iterator[str]:
        """The tasks to wait for, by name: doit knows no patterns among tasks that are made as late as these."""
        prefix = manager.task_prefix
        for name, addon in manager._addons.items():
            if addon is not self and "post_build" in addon.__all__:
                yield from (f"{prefix}post_build:{prefix}{name}:{one['name']}" for one in addon.post_build(manager))

    def check(self, manager):
        yield self.task(name="site", actions=[self.check_site])

    def is_current(self) -> bool:
        site = self.manager.output_dir
        wanted = {"build/offline.js": self.script(SCRIPT.read_text(encoding="utf-8")), **self.texts()}
        return all(TAG.findall(page.read_text(encoding="utf-8")) == [self.tag(page)] for page in self.pages()) and all(
            (site / name).exists() and (site / name).read_text(encoding="utf-8") == text
            for name, text in wanted.items()
        )

    def pages(self) -> list[Path]:
        site = self.manager.output_dir
        return sorted(path for path in site.rglob("*.html") if path != site / ANYWHERE)

    def write(self) -> None:
        site = self.manager.output_dir
        for page in self.pages():
            before = page.read_text(encoding="utf-8")
            if TAG.findall(before) != [self.tag(page)]:
                page.write_text(TAG.sub("", before), encoding="utf-8")
                insert_into_head(self, page, self.tag(page))
        self.write_script(SCRIPT, site / "build" / "offline.js")
        for name, text in self.texts().items():
            (site / name).write_text(text, encoding="utf-8")
            self.maybe_timestamp(site / name)

    def tag(self, page: Path) -> str:
        path = page.relative_to(self.manager.output_dir)
        says = " data-says" if path.as_posix() == self.home else ""
        return (
            f'<script src="{"../" * (len(path.parts) - 1)}build/offline.js" data-quiet="{self.quiet:g}"{says}></script>'
        )

    def texts(self) -> dict[str, str]:
        """The list of the files as they are, and the worker for that list."""
        files = dict(self.files())
        listed = json.dumps(files, indent=0)
        total = sum(size for _, size in files.values())
        worker = Template(TEMPLATE.read_text(encoding="utf-8"))
        return {
            LIST: listed,
            WORKER: worker.substitute(integrity=integrity_of(listed.encode()), total=total),
        }

    def files(self) -> Iterator[tuple[str, tuple[str, int]]]:
        """Each file that pages may ask for, with its hash and its size."""
        site = self.manager.output_dir
        for path in sorted(site.rglob("*")):
            name = path.relative_to(site).as_posix()
            if path.is_file() and name not in UNLISTED and not is_among(name, self.leave_out):
                data = path.read_bytes()
                yield name, (integrity_of(data), len(data))

    def check_site(self) -> None:
        """Raise ValueError unless the site holds just what its list names, and its worker is for that list."""
        site = self.manager.output_dir
        listed = (site / LIST).read_bytes()
        named = {name: tuple(one) for name, one in json.loads(listed).items()}
        there = dict(self.files())
        differing = sorted(name for name in named | there if named.get(name) != there.get(name))
        if differing:
            raise ValueError(f"{', '.join(differing[:3])}: not what {LIST} names; `jupyter lite build` lists anew")
        if integrity_of(listed) not in (site / WORKER).read_text(encoding="utf-8"):
            raise ValueError(f"{WORKER} is for another build than {LIST}")
