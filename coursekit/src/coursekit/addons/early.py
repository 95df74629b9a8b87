"""Start the kernel's Python together with the page, not after it."""

import itertools
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template

from doit.tools import config_changed
from jupyterlite_core.constants import JUPYTERLITE_JSON
from jupyterlite_pyodide_kernel.addons._base import _BaseAddon
from jupyterlite_pyodide_kernel.constants import PYODIDE_KERNEL_NPM_NAME
from traitlets import Dict, List, Unicode

from ..patterns import is_among
from ..runtime.compile import STDLIB
from ..runtime.pack import closure, files_of, pack
from .pages import insert_into_head, integrity_of
from .runtime import LOCK, RECORD
from .words import Words

HERE = Path(__file__).parent / "page"
SOURCES = [HERE / name for name in ("early.js", "early.mjs", "early.py")]
START = "start.pack"
MODULES = (".py", ".pyc", ".so")


def packs_in(pyodide: Path) -> list[str]:
    """The packs in that folder, the one that Python starts with first."""
    return sorted((path.name for path in pyodide.glob("*.pack")), key=lambda name: (name != START, name))


def loaded_at_start(pyodide: Path, record: Path) -> list[str]:
    """The files in `pyodide` that a start of Python loads: what is no package, and the packs in place of packages."""
    packages = json.loads((pyodide / LOCK).read_text(encoding="utf-8"))["packages"].values()
    recorded = json.loads(record.read_text(encoding="utf-8"))
    return sorted({*recorded, *packs_in(pyodide)} - {STDLIB, *(package["file_name"] for package in packages)})


def pack_name(name: str) -> str:
    return f"{name}.pack"


class EarlyAddon(Words, _BaseAddon):
    """Put a script into the notebook page that makes the kernel's worker at once, and pack what it will ask for."""

    __all__ = ("check", "post_build")

    imports = List(Unicode(), help="modules imported before a cell asks, each as soon as its pack is there").tag(
        config=True
    )
    later = Dict(
        help="name -> packages of a pack that comes once Python starts, before a cell asks; in this order"
    ).tag(config=True)
    seldom = List(Unicode(), help="patterns of files that come in the last of these packs, ! for exceptions").tag(
        config=True
    )
    on_demand = List(Unicode(), help="packages fetched only when a cell imports them by name").tag(config=True)
    wait = Dict(help="name of a pack -> words in a cell that wait for it, beside the modules in it").tag(config=True)
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
        packs = [self.pyodide / name for name in (START, *map(pack_name, self.later))]
        yield self.task(
            name="packs",
            task_dep=configured,
            file_dep=[config, self.pyodide / LOCK, self.record],
            uptodate=[self.is_configured_so],
            targets=packs,
            actions=[(self.write_packs, [config])],
        )
        yield self.task(
            name="scripts",
            task_dep=configured,
            file_dep=[config, *SOURCES, *packs, self.record, *self.catalogues],
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
        names = ("imports", "language", "later", "seldom", "on_demand", "wait")
        return config_changed({name: getattr(self, name) for name in names})

    def check(self, manager):
        """Verify that the packs are those that were built."""
        yield self.task(name="packs", actions=[self.check_packs])

    def packed(self, config: Path) -> dict[str, list[str]]:
        """The packages in each pack, by name."""
        packages = json.loads((self.pyodide / LOCK).read_text(encoding="utf-8"))["packages"]
        start = {*closure(packages, self.get_pyodide_settings(config)["loadPyodideOptions"]["packages"])}
        packed, come = {}, {*self.on_demand}
        # What is named for a pack comes in that one, even if an earlier one depends on it, and imports it late.
        named = {START: start - {*self.on_demand}.union(*self.later.values()), **self.later}
        for name, roots in named.items():
            elsewhere = set().union(*named.values()) - {*roots}
            packed[name] = sorted({*closure(packages, roots)} - come - elsewhere)
            come.update(packed[name])
        return {name if name == START else pack_name(name): ones for name, ones in packed.items()}

    def contents(self, config: Path) -> dict[str, dict[str, bytes]]:
        """The files in each pack, by their paths."""
        lock = json.loads((self.pyodide / LOCK).read_text(encoding="utf-8"))
        made = {}
        for name, packages in self.packed(config).items():
            wheels = [self.pyodide / lock["packages"][one]["file_name"] for one in packages]
            archives = [(wheel, self.site_packages) for wheel in wheels]
            made[name] = files_of([(self.pyodide / STDLIB, self.library), *archives] if name == START else archives)
        *earlier, last = made
        for name in earlier:
            for path in [path for path in made[name] if is_among(self.module(path), self.seldom)]:
                made[last][path] = made[name].pop(path)
                if not path.endswith(MODULES):
                    made[name][path] = b""  # Who looks whether there is such a file may look before it comes.
        return made

    def words(self, contents: Mapping[str, Iterable[str]], name: str) -> list[str]:
        """What of the pack `name` a cell may ask for: modules of which nothing has come before, and `wait`."""
        tops = {
            pack: {self.module(path).partition("/")[0].partition(".")[0] for path in files if path.endswith(MODULES)}
            for pack, files in contents.items()
        }
        come = set().union(*(tops[one] for one in itertools.takewhile(lambda one: one != name, contents)))
        return sorted({*(tops[name] - come), *self.wait.get(name.removesuffix(".pack"), [])})

    def module(self, path: str) -> str:
        """The path as Python finds it: in the standard library or among the packages."""
        return path.removeprefix(f"{self.site_packages}/").removeprefix(f"{self.library}/")

    @property
    def library(self) -> str:
        """Where Python looks for its standard library when it is not in an archive."""
        lock = json.loads((self.pyodide / LOCK).read_text(encoding="utf-8"))
        return f"/lib/python{'.'.join(lock['info']['python'].split('.')[:2])}"

    @property
    def site_packages(self) -> str:
        return f"{self.library}/site-packages"

    def write_packs(self, config: Path) -> None:
        for name in packs_in(self.pyodide):
            (self.pyodide / name).unlink()
        for name, files in self.contents(config).items():
            (self.pyodide / name).write_bytes(pack(files))
            self.maybe_timestamp(self.pyodide / name)

    def check_packs(self) -> None:
        script = (self.pyodide / "early.mjs").read_text(encoding="utf-8")
        for name in packs_in(self.pyodide):
            if integrity_of((self.pyodide / name).read_bytes()) not in script:
                raise ValueError(f"{name} is not the file that this site was built with")

    def write(self, config: Path) -> None:
        settings = self.get_pyodide_settings(config)
        loaded = settings["loadPyodideOptions"]
        packed = self.packed(config)
        contents = self.contents(config)
        _, *later = packed
        hashes = {name: integrity_of((self.pyodide / name).read_bytes()) for name in packed}
        files = json.loads(self.record.read_text(encoding="utf-8")) | hashes
        first = sorted({*loaded_at_start(self.pyodide, self.record)} - {*later})
        coming = [{"pack": one, "packages": packed[one], "words": self.words(contents, one)} for one in later]
        for one in coming:
            one["imports"] = [name for name in self.imports if name in one["words"]]
        options = {
            "lockFileURL": Path(loaded["lockFileURL"]).name,
            "env": {**loaded.get("env", {}), "PYTHONPATH": self.library},
            "imports": [name for name in self.imports if not any(name in one["words"] for one in coming)],
            "later": coming,
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
