"""Tell a screen reader what the apps do not: the names of things, and the language."""

from pathlib import Path

from doit.tools import config_changed
from jupyterlite_core.addons.base import BaseAddon

from .pages import insert_into_head, set_language
from .words import Words

SCRIPT = Path(__file__).parent / "page" / "access.js"


class AccessAddon(Words, BaseAddon):
    """Add one small script to every app's page, and the language of the course."""

    __all__ = ("post_build",)

    def post_build(self, manager):
        script = manager.output_dir / "build" / SCRIPT.name
        pages = sorted(manager.output_dir.glob("*/index.html")) + sorted(manager.output_dir.glob("*/*/index.html"))
        yield self.task(name="script", **self.translates(SCRIPT, script))
        for page in pages:
            depth = len(page.relative_to(manager.output_dir).parts) - 1
            tag = f'<script type="module" src="{"../" * depth}build/{SCRIPT.name}"></script>'
            name = page.parent.relative_to(manager.output_dir).as_posix()
            yield self.task(
                name=f"page:{name}",
                file_dep=[page],
                uptodate=[config_changed({"language": self.language})],
                actions=[(insert_into_head, [self, page, tag]), (set_language, [self, page, self.language])],
            )
