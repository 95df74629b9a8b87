"""Start the kernel's Python together with the page, not after it."""

import json
from pathlib import Path
from string import Template

from jupyterlite_core.constants import JUPYTERLITE_JSON
from jupyterlite_pyodide_kernel.addons._base import _BaseAddon
from jupyterlite_pyodide_kernel.constants import PYODIDE_KERNEL_NPM_NAME
from traitlets import List, Unicode

from .pages import insert_into_head
from .runtime import RECORD

HERE = Path(__file__).parent / "page"


class EarlyAddon(_BaseAddon):
    """Put a script into the notebook page that makes the kernel's worker at once."""

    __all__ = ("post_build",)

    imports = List(Unicode(), help="modules imported while the page still starts").tag(config=True)
    background = List(Unicode(), help="packages fetched once the kernel is ready, before a cell asks").tag(config=True)
    pages = List(Unicode(), ["notebooks/index.html"], help="the pages that start a kernel").tag(config=True)

    @property
    def pyodide(self) -> Path:
        return self.manager.output_dir / "static" / "pyodide"

    @property
    def record(self) -> Path:
        return self.manager.lite_dir / RECORD

    def post_build(self, manager):
        config = manager.output_dir / JUPYTERLITE_JSON
        scripts = [self.pyodide / name for name in ("early.js", "early.mjs", "early-worker.js")]
        yield self.task(
            name="scripts",
            task_dep=[f"{manager.task_prefix}post_build:course-runtime:configure"],
            file_dep=[config, HERE / "early.js", HERE / "early.mjs", self.record],
            targets=scripts,
            actions=[(self.write, [config])],
        )
        for page in self.pages:
            path = manager.output_dir / page
            tag = f'<script src="{"../" * page.count("/")}static/pyodide/early.js"></script>'
            yield self.task(name=f"page:{page}", file_dep=[path], actions=[(insert_into_head, [self, path, tag])])

    def write(self, config: Path) -> None:
        settings = self.get_pyodide_settings(config)
        loaded = settings["loadPyodideOptions"]
        options = {
            "imports": self.imports,
            "background": self.background,
            "lockFileURL": Path(loaded["lockFileURL"]).name,
            "packages": loaded["packages"],
            "env": loaded.get("env", {}),
            "files": json.loads(self.record.read_text(encoding="utf-8")),
        }
        worker = self.worker.relative_to(self.manager.output_dir).as_posix()
        texts = {
            "early.js": (HERE / "early.js").read_text(encoding="utf-8"),
            "early.mjs": Template((HERE / "early.mjs").read_text(encoding="utf-8")).substitute(
                options=json.dumps(options)
            ),
            "early-worker.js": f'import "./early.mjs";\nimport "../../{worker}";\n',
        }
        for name, text in texts.items():
            (self.pyodide / name).write_text(text, encoding="utf-8")
            self.maybe_timestamp(self.pyodide / name)
        if settings["pyodideUrl"] != "./static/pyodide/early.mjs":
            settings["pyodideUrl"] = "./static/pyodide/early.mjs"
            self.set_pyodide_settings(config, settings)

    @property
    def worker(self) -> Path:
        (worker,) = (self.output_extensions / PYODIDE_KERNEL_NPM_NAME / "static").glob("comlink.worker.*.js")
        return worker
