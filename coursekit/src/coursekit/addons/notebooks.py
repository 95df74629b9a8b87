"""Build each notebook's editions into the contents that the site ships."""

from collections.abc import Callable
from pathlib import Path

import nbformat
from doit.tools import config_changed
from jupyterlite_core.addons.base import BaseAddon
from traitlets import Unicode

from ..notebooks import editions, live, version
from .words import Words


class NotebooksAddon(Words, BaseAddon):
    """The learner's edition at the top, the live one and the solutions in folders of their own."""

    __all__ = ("pre_build",)

    source = Unicode("notebooks", help="the folder of complete, executed, committed notebooks").tag(config=True)
    target = Unicode("build/contents", help="where the editions go; name it in `contents`").tag(config=True)

    def pre_build(self, manager):
        for source in sorted((manager.lite_dir / self.source).glob("*.ipynb")):
            target = manager.lite_dir / self.target
            yield self.edition(source, target / source.name, editions.learner, self.say)
            yield self.edition(source, target / "live" / source.name, editions.live, self.say)
            yield self.edition(source, target / "solutions" / source.name, editions.solution)

    def edition(self, source: Path, target: Path, make: Callable, *given: Callable) -> dict:
        return self.task(
            name=f"{make.__name__}:{source.stem}",
            file_dep=[source, *(Path(module.__file__) for module in (editions, live, version)), *self.catalogues],
            uptodate=[config_changed({"language": self.language})],
            targets=[target],
            actions=[(self.write, [source, target, make, *given])],
        )

    def write(self, source: Path, target: Path, make: Callable, *given: Callable) -> None:
        notebook = nbformat.read(source, as_version=4)
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(version.stamped(make(notebook, *given)), target)
        self.maybe_timestamp(target)
