"""The site's front page, made of a Markdown file; it works before anything else has loaded."""

from html import escape
from pathlib import Path
from string import Template

import mistune
from jupyterlite_core.addons.base import BaseAddon
from traitlets import Unicode

TEMPLATE = Path(__file__).parent / "page" / "home.html"


class HomeAddon(BaseAddon):
    """Put the home page at the site's root, and an icon where browsers look for one."""

    __all__ = ("post_build",)

    source = Unicode("content/index.md", help="the home page; its first line is the title").tag(config=True)

    def post_build(self, manager):
        source = manager.lite_dir / self.source
        page, icon = manager.output_dir / "index.html", manager.output_dir / "favicon.ico"
        yield self.task(
            name="page",
            file_dep=[source, TEMPLATE],
            targets=[page],
            actions=[(self.write, [source, page])],
        )
        yield self.task(
            name="icon",
            targets=[icon],
            uptodate=[True],
            actions=[(self.copy_one, [manager.output_dir / "lab" / "favicon.ico", icon])],
        )

    def write(self, source: Path, page: Path) -> None:
        text = source.read_text(encoding="utf-8")
        title = text.splitlines()[0].lstrip("# ")
        html = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(title=escape(title), body=mistune.html(text))
        page.write_text(html, encoding="utf-8")
        self.maybe_timestamp(page)
