"""`jupyter lite serve` for a course: this machine only, another port when the usual one is taken."""

import doit.tools
from jupyterlite_core.addons.base import BaseAddon

from ..server import serve_until_interrupted


class CourseServeAddon(BaseAddon):
    """Replaces JupyterLite's own server (`disable_addons: ["serve"]`), which listens on every interface."""

    __all__ = ("serve",)

    def serve(self, manager):
        serve = doit.tools.PythonInteractiveAction(serve_until_interrupted, [manager.output_dir, manager.port])
        yield self.task(name="course", uptodate=[lambda: False], actions=[serve])
