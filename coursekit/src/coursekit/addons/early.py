"""Start the kernel's Python together with the page, not after it."""

import json
from pathlib import Path
from string import Template

from doit.tools import config_changed
from jupyterlite_core.constants import JUPYTERLITE_JSON
from jupyterlite_pyodide_kernel.addons._base import _BaseAddon
from jupyterlite_pyodide_kernel.constants import PYODIDE_KERNEL_NPM_NAME
from traitlets import List, Unicode

from ..runtime.compile import STDLIB
from ..runtime.pack import closure, pack
from .pages import insert_into_head, integrity_of
from .runtime import LOCK, RECORD
from .words import Words

HERE = Path(__file__).parent / "page"
SOURCES = [HERE / name for name in ("early.js", "early.mjs", "early.py")]
START = "start.pack"
BACKGROUND = "background.pack"


def loaded_at_start(pyodide: Path, record: Path) -> list[str]:
    """The files in `pyodide` that a start of Python loads: what is no package, and the packs in place of packages."""
    packages = json.loads((pyodide / LOCK).read_text(encoding="utf-8"))["packages"].values()
    recorded = json.loads(record.read_text(encoding="utf-8"))
    return sorted({*recorded, START, BACKGROUND} - {STDLIB, *(package["file_name"] for package in packages)})


class EarlyAddon(Words, _BaseAddon):
    """Put a script into the notebook page that makes the kernel's worker at once, and pack what it will ask for."""

    __all__ = ("check", "post_build")

    imports = List(Unicode(), help="modules imported while the page still starts").tag(config=True)
    background = List(Unicode(), help="packages fetched once the kernel is ready, before a cell asks").tag(config=True)
    on_demand = List(Unicode(), help="packages fetched only when a cell imports them by name").tag(config=True)
    wait = List(Unicode(), help="modules whose import waits for what is in the background").tag(config=True)
    pages = List(Unicode(), ["notebooks/index.html"], help="the pages that start a kernel").tag(config=True)

    @property
    def pyodide(self) -> Path:
        return self.manager.output_dir / "static" / "pyodide"

    @property
    def record(self) -> Path:
        return self.manager.lite_dir / RECORD

    def post_build(self, manager):
        config = manager.output_dir / JUPYTERLITE_JSON
        configured = [f"{manager.task_prefix}post_build:course-runtime:configure"]
        packs = [self.pyodide / name for name in (START, BACKGROUND)]
        yield self.task(
            name="packs",
            task_dep=configured,
            file_dep=[config, self.pyodide / LOCK, self.record],
            targets=packs,
            actions=[(self.write_packs, [config])],
        )
        yield self.task(
            name="scripts",
            task_dep=configured,
            file_dep=[config, *SOURCES, *packs, self.record, *self.catalogues],
            uptodate=[config_changed({"language": self.language})],
            targets=[self.pyodide / name for name in ("early.js", "early.mjs", "early-worker.js")],
            actions=[(self.write, [config])],
        )
        for page in self.pages:
            path = manager.output_dir / page
            tag = f'<script src="{"../" * page.count("/")}static/pyodide/early.js"></script>'
            yield self.task(name=f"page:{page}", file_dep=[path], actions=[(insert_into_head, [self, path, tag])])

    def check(self, manager):
        """Verify that the packs are those that were built."""
        yield self.task(name="packs", actions=[self.check_packs])

    def packed(self, config: Path) -> dict[str, list[str]]:
        """The packages in each pack, by name."""
        packages = json.loads((self.pyodide / LOCK).read_text(encoding="utf-8"))["packages"]
        start = {*closure(packages, self.get_pyodide_settings(config)["loadPyodideOptions"]["packages"])}
        # What is named here comes later, also if something that starts depends on it: it imports it late.
        start -= {*self.background, *self.on_demand}
        return {
            START: sorted(start),
            BACKGROUND: sorted({*closure(packages, self.background)} - start - {*self.on_demand}),
        }

    def contents(self, config: Path) -> dict[str, bytes]:
        lock = json.loads((self.pyodide / LOCK).read_text(encoding="utf-8"))
        made = {}
        for name, packages in self.packed(config).items():
            wheels = [self.pyodide / lock["packages"][one]["file_name"] for one in packages]
            archives = [(wheel, f"{self.library}/site-packages") for wheel in wheels]
            made[name] = pack([(self.pyodide / STDLIB, self.library), *archives] if name == START else archives)
        return made

    @property
    def library(self) -> str:
        """Where Python looks for its standard library when it is not in an archive."""
        lock = json.loads((self.pyodide / LOCK).read_text(encoding="utf-8"))
        return f"/lib/python{'.'.join(lock['info']['python'].split('.')[:2])}"

    def write_packs(self, config: Path) -> None:
        for name, content in self.contents(config).items():
            (self.pyodide / name).write_bytes(content)
            self.maybe_timestamp(self.pyodide / name)

    def check_packs(self) -> None:
        script = (self.pyodide / "early.mjs").read_text(encoding="utf-8")
        for name in (START, BACKGROUND):
            if integrity_of((self.pyodide / name).read_bytes()) not in script:
                raise ValueError(f"{name} is not the file that this site was built with")

    def write(self, config: Path) -> None:
        settings = self.get_pyodide_settings(config)
        loaded = settings["loadPyodideOptions"]
        packed = self.packed(config)
        packages = json.loads((self.pyodide / LOCK).read_text(encoding="utf-8"))["packages"]
        later = [name for one in packed[BACKGROUND] for name in packages[one]["imports"]]
        hashes = {name: integrity_of((self.pyodide / name).read_bytes()) for name in packed}
        files = json.loads(self.record.read_text(encoding="utf-8")) | hashes
        first = sorted({*loaded_at_start(self.pyodide, self.record)} - {BACKGROUND})
        options = {
            "lockFileURL": Path(loaded["lockFileURL"]).name,
            "env": {**loaded.get("env", {}), "PYTHONPATH": self.library},
            "imports": self.imports,
            "background": packed[BACKGROUND],
            "wait": sorted({*later, *self.wait}),
            "setup": (HERE / "early.py").read_text(encoding="utf-8"),
            "files": files,
            "sizes": {name: (self.pyodide / name).stat().st_size for name in first},
        }
        worker = self.worker.relative_to(self.manager.output_dir).as_posix()
        texts = {
            "early.js": (HERE / "early.js").read_text(encoding="utf-8"),
            "early.mjs": Template((HERE / "early.mjs").read_text(encoding="utf-8")).substitute(
                options=json.dumps(options)
            ),
            # What is imported statically is a worker's own address to Firefox's policy; what is asked for, a script.
            "early-worker.js": f'await Promise.all([import("./early.mjs"), import("../../{worker}")]);\n',
        }
        for name, text in texts.items():
            (self.pyodide / name).write_text(self.script(text), encoding="utf-8")
            self.maybe_timestamp(self.pyodide / name)
        if settings["pyodideUrl"] != "./static/pyodide/early.mjs":
            settings["pyodideUrl"] = "./static/pyodide/early.mjs"
            self.set_pyodide_settings(config, settings)

    @property
    def worker(self) -> Path:
        (worker,) = (self.output_extensions / PYODIDE_KERNEL_NPM_NAME / "static").glob("comlink.worker.*.js")
        return worker
