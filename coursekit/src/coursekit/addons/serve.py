"""`jupyter lite serve` for a course: this machine only, another port when the usual one is taken."""

import doit.tools
from jupyterlite_core.addons.base import BaseAddon

from ..server import bind


class CourseServeAddon(BaseAddon):
    """Replaces JupyterLite's own server (`disable_addons: ["serve"]`), which listens on every interface."""

    __all__ = ("serve",)

    def serve(self, manager):
        yield self.task(
            name="course",
            uptodate=[lambda: False],
            actions=[doit.tools.PythonInteractiveAction(self.serve_forever)],
        )

    def serve_forever(self) -> None:
        server = bind(self.manager.output_dir, self.manager.port)
        if server.server_port != self.manager.port:
            print(f"port {self.manager.port} is taken", flush=True)
        print(f"The course is at {server.url}  (Ctrl-C stops it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("\nstopped", flush=True)
        finally:
            server.server_close()
