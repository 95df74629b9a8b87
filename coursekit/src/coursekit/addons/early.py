"""Start the kernel's Python together with the page, not after it."""

import json
from pathlib import Path
from string import Template

from doit.tools import config_changed
from jupyterlite_core.constants import JUPYTERLITE_JSON
from jupyterlite_pyodide_kernel.addons._base import _BaseAddon
from jupyterlite_pyodide_kernel.constants import PYODIDE_KERNEL_NPM_NAME
from traitlets import Dict, List, Unicode

from ..runtime.pack import pack
from ..runtime.snapshot import LAID_OUT, make_snapshot
from ..runtime.snapshot import SOURCES as OF_SNAPSHOT
from .packs import LIBRARY, REMEMBERED, START, Packs, loaded_at_start, pack_name
from .pages import insert_into_head, integrity_of
from .runtime import LOCK, RECORD, in_one_sentence
from .words import Words

HERE = Path(__file__).parent / "page"
SOURCES = [LAID_OUT, *(HERE / name for name in ("early.js", "early.mjs"))]
#: which modules Python has imported when it wakes up
IMPORTED = "build/imported.json"
#: the name of early.py in Python
EARLY = "coursekit_early"


class EarlyAddon(Words, _BaseAddon):
    """Put a script into the notebook page that makes the kernel's worker at once, and pack what it will ask for."""

    __all__ = ("check", "post_build")

    imports = Dict(help="name of a pack, or `start` -> modules imported as soon as it is there").tag(config=True)
    later = Dict(help="name -> packages of a pack that comes before a cell asks; in this order").tag(config=True)
    seldom = List(Unicode(), help="patterns of files that come in the last pack, ! for exceptions").tag(config=True)
    sooner = Dict(help="name of a pack -> patterns of files of the start that it brings").tag(config=True)
    on_demand = List(Unicode(), help="packages fetched only when a cell imports them by name").tag(config=True)
    wait = Dict(help="name of a pack -> words in a cell that wait for it, beside the modules in it").tag(config=True)
    pages = List(Unicode(), ["notebooks/index.html"], help="the pages that start a kernel").tag(config=True)

    @property
    def pyodide(self) -> Path:
        return self.manager.output_dir / "static" / "pyodide"

    @property
    def record(self) -> Path:
        return self.manager.lite_dir / RECORD

    @property
    def imported(self) -> Path:
        return self.manager.lite_dir / IMPORTED

    def post_build(self, manager):
        config = manager.output_dir / JUPYTERLITE_JSON
        configured = [f"{manager.task_prefix}post_build:course-runtime:configure"]
        made_of = [config, self.pyodide / LOCK, self.record]
        start = self.pyodide / START
        packs = [self.pyodide / name for name in (REMEMBERED, LIBRARY, *map(pack_name, self.later))]
        yield self.task(
            name="snapshot",
            task_dep=configured,
            file_dep=[*made_of, HERE / "early.py", *OF_SNAPSHOT],
            uptodate=[self.is_configured_so],
            targets=[start, self.imported],
            actions=[(in_one_sentence, [self.write_snapshot, config])],
        )
        yield self.task(
            name="packs",
            file_dep=[*made_of, self.imported],
            uptodate=[self.is_configured_so],
            targets=packs,
            actions=[(self.write_packs, [config])],
        )
        yield self.task(
            name="scripts",
            file_dep=[*made_of, *SOURCES, start, *packs, *self.catalogues],
            uptodate=[self.is_configured_so],
            targets=[self.pyodide / name for name in ("early.js", "early.mjs", "early-worker.js")],
            actions=[(self.write, [config])],
        )
        for page in self.pages:
            path = manager.output_dir / page
            tag = f'<script src="{"../" * page.count("/")}static/pyodide/early.js"></script>'
            yield self.task(name=f"page:{page}", file_dep=[path], actions=[(insert_into_head, [self, path, tag])])

    @property
    def is_configured_so(self) -> config_changed:
        names = ("imports", "language", "later", "on_demand", "seldom", "sooner", "wait")
        return config_changed({name: getattr(self, name) for name in names})

    def check(self, manager):
        """Verify that the snapshot and the packs are those that were built."""
        yield self.task(name="packs", actions=[self.check_packs])

    def packs(self, config: Path) -> Packs:
        start = self.get_pyodide_settings(config)["loadPyodideOptions"]["packages"]
        return Packs(self.pyodide, start, self.later, self.seldom, self.sooner, self.on_demand, self.wait)

    def write_snapshot(self, config: Path) -> None:
        packs = self.packs(config)
        files = packs.files[START] | {f"{packs.site_packages}/{EARLY}.py": (HERE / "early.py").read_bytes()}
        environment = self.get_pyodide_settings(config)["loadPyodideOptions"].get("env", {})
        snapshot, imported = make_snapshot(
            self.pyodide,
            files,
            [EARLY, *self.imports.get("start", [])],
            environment | {"PYTHONPATH": packs.library},
        )
        (self.pyodide / START).write_bytes(snapshot)
        self.maybe_timestamp(self.pyodide / START)
        self.imported.write_text(json.dumps(imported, indent=1), encoding="utf-8")

    def contents(self, packs: Packs) -> dict[str, dict[str, bytes]]:
        return packs.contents(json.loads(self.imported.read_text(encoding="utf-8")))

    def write_packs(self, config: Path) -> None:
        for path in self.pyodide.glob("*.pack"):
            path.unlink()
        for name, files in self.contents(self.packs(config)).items():
            (self.pyodide / name).write_bytes(pack(files))
            self.maybe_timestamp(self.pyodide / name)

    def check_packs(self) -> None:
        script = (self.pyodide / "early.mjs").read_text(encoding="utf-8")
        for path in (self.pyodide / START, *sorted(self.pyodide.glob("*.pack"))):
            if integrity_of(path.read_bytes()) not in script:
                raise ValueError(f"{path.name} is not the file that this site was built with")

    def options(self, config: Path) -> dict:
        """What early.mjs has to know of this build."""
        packs = self.packs(config)
        contents = self.contents(packs)
        _, *later = contents
        hashes = {name: integrity_of((self.pyodide / name).read_bytes()) for name in (START, *contents)}
        first = sorted({*loaded_at_start(self.pyodide, self.record)} - {*later})
        lock = self.get_pyodide_settings(config)["loadPyodideOptions"]["lockFileURL"]
        return {
            "lockFileURL": Path(lock).name,
            "packages": packs.packages[START],
            "later": [
                {
                    "pack": name,
                    "packages": packs.packages.get(name, []),
                    "imports": self.imports.get(name.removesuffix(".pack"), []),
                    "words": packs.words(contents, name),
                }
                for name in later
            ],
            "modules": {name: packs.modules(files) for name, files in contents.items()},
            "files": json.loads(self.record.read_text(encoding="utf-8")) | hashes,
            "sizes": {name: (self.pyodide / name).stat().st_size for name in first},
        }

    def write(self, config: Path) -> None:
        worker = self.worker.relative_to(self.manager.output_dir).as_posix()
        texts = {
            "early.js": (HERE / "early.js").read_text(encoding="utf-8"),
            "early.mjs": Template((HERE / "early.mjs").read_text(encoding="utf-8")).substitute(
                options=json.dumps(self.options(config)), laid_out=LAID_OUT.read_text(encoding="utf-8")
            ),
            # What is imported statically is a worker's own address to Firefox's policy; what is asked for, a script.
            "early-worker.js": f'await Promise.all([import("./early.mjs"), import("../../{worker}")]);\n',
        }
        for name, text in texts.items():
            (self.pyodide / name).write_text(self.script(text), encoding="utf-8")
            self.maybe_timestamp(self.pyodide / name)
        settings = self.get_pyodide_settings(config)
        if settings["pyodideUrl"] != "./static/pyodide/early.mjs":
            settings["pyodideUrl"] = "./static/pyodide/early.mjs"
            self.set_pyodide_settings(config, settings)

    @property
    def worker(self) -> Path:
        (worker,) = (self.output_extensions / PYODIDE_KERNEL_NPM_NAME / "static").glob("comlink.worker.*.js")
        return worker
