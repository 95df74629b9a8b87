"""Give a name to what the apps leave nameless to a screen reader."""

from pathlib import Path

from jupyterlite_core.addons.base import BaseAddon

from .pages import insert_into_head

SCRIPT = Path(__file__).parent / "page" / "access.js"


class AccessAddon(BaseAddon):
    """Add one small script to every app's page."""

    __all__ = ("post_build",)

    def post_build(self, manager):
        script = manager.output_dir / "build" / SCRIPT.name
        pages = sorted(manager.output_dir.glob("*/index.html")) + sorted(manager.output_dir.glob("*/*/index.html"))
        yield self.task(name="script", file_dep=[SCRIPT], targets=[script], actions=[(self.copy_one, [SCRIPT, script])])
        for page in pages:
            depth = len(page.relative_to(manager.output_dir).parts) - 1
            tag = f'<script type="module" src="{"../" * depth}build/{SCRIPT.name}"></script>'
            name = page.parent.relative_to(manager.output_dir).as_posix()
            yield self.task(name=f"page:{name}", file_dep=[page], actions=[(insert_into_head, [self, page, tag])])
