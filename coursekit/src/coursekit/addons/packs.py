"""What Python wakes up with, and which pack each other file of it comes in."""

import functools
import itertools
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..patterns import is_among
from ..runtime.compile import STDLIB
from ..runtime.pack import closure, files_of
from .runtime import LOCK

#: what Python wakes up with; the files that it has imported by then, which are seldom asked for; and those it has not
START = "start.snapshot"
REMEMBERED = "remembered.pack"
LIBRARY = "library.pack"
MODULES = (".py", ".pyc", ".so")


def packs_in(pyodide: Path) -> list[str]:
    """The packs in that folder that come after the start by themselves."""
    return sorted(path.name for path in pyodide.glob("*.pack") if path.name != REMEMBERED)


def loaded_at_start(pyodide: Path, record: Path) -> list[str]:
    """The files in `pyodide` that a start of Python loads: what is no package, and the packs in place of packages."""
    packages = json.loads((pyodide / LOCK).read_text(encoding="utf-8"))["packages"].values()
    recorded = json.loads(record.read_text(encoding="utf-8"))
    return sorted({*recorded, START, *packs_in(pyodide)} - {STDLIB, *(package["file_name"] for package in packages)})


def pack_name(name: str) -> str:
    return f"{name}.pack"


def is_module(path: str) -> bool:
    return path.endswith(MODULES)


@dataclass(frozen=True)
class Packs:
    """How the files of the Python in `pyodide`, with the packages `start`, are packed; for the rest see EarlyAddon."""

    pyodide: Path
    start: Sequence[str]
    later: Mapping[str, Sequence[str]]
    seldom: Sequence[str]
    sooner: Mapping[str, Sequence[str]]
    on_demand: Sequence[str]
    wait: Mapping[str, Sequence[str]]

    @functools.cached_property
    def lock(self) -> dict:
        return json.loads((self.pyodide / LOCK).read_text(encoding="utf-8"))

    @property
    def library(self) -> str:
        """Where Python looks for its standard library when it is not in an archive."""
        return f"/lib/python{'.'.join(self.lock['info']['python'].split('.')[:2])}"

    @property
    def site_packages(self) -> str:
        return f"{self.library}/site-packages"

    @functools.cached_property
    def packages(self) -> dict[str, list[str]]:
        """The packages that Python starts with, and those in each pack, by name."""
        packages = self.lock["packages"]
        packed, come = {}, {*self.on_demand}
        # What is named for a pack comes in that one, even if an earlier one depends on it, and imports it late.
        start = {*closure(packages, self.start)} - {*self.on_demand}.union(*self.later.values())
        named = {START: start} | {pack_name(name): roots for name, roots in self.later.items()}
        for name, roots in named.items():
            elsewhere = set().union(*named.values()) - {*roots}
            packed[name] = sorted({*closure(packages, roots)} - come - elsewhere)
            come.update(packed[name])
        return packed

    @functools.cached_property
    def files(self) -> dict[str, dict[str, bytes]]:
        """The files that Python starts with, and those of each pack, by their paths."""
        made = {}
        for name, packages in self.packages.items():
            wheels = [self.pyodide / self.lock["packages"][one]["file_name"] for one in packages]
            archives = [(wheel, self.site_packages) for wheel in wheels]
            made[name] = files_of([(self.pyodide / STDLIB, self.library), *archives] if name == START else archives)
        *earlier, last = made
        for name in earlier:
            for path in [path for path in made[name] if is_among(self.within(path), self.seldom)]:
                made[last][path] = made[name].pop(path)
                if not is_module(path):
                    made[name][path] = b""  # Who looks whether there is such a file may look before it comes.
        return made

    def contents(self, imported: Collection[str]) -> dict[str, dict[str, bytes]]:
        """The files of each pack, when Python wakes up with the modules `imported`; in the order in which they come."""
        made = {name: dict(files) for name, files in self.files.items()}
        start = made.pop(START)
        remembered = {path: start.pop(path) for path in self.files[START] if self.dotted(path) in imported}
        for name, patterns in self.sooner.items():
            for path in [path for path in start if is_among(self.within(path), patterns)]:
                made[pack_name(name)][path] = start.pop(path)
        earlier = [*made][:-1]  # The last one holds what is asked for least.
        return {REMEMBERED: remembered, **{name: made[name] for name in earlier}, LIBRARY: start} | made

    def words(self, contents: Mapping[str, Iterable[str]], name: str) -> list[str]:
        """What in a cell waits for the pack `name`: modules of which nothing has come before, and `wait`.

        For one of the library nobody waits, until all that comes before is there: Python fetches that pack by itself.
        """
        tops = {pack: {module.partition(".")[0] for module in self.modules(files)} for pack, files in contents.items()}
        come = set().union(*(tops[one] for one in itertools.takewhile(lambda one: one != name, contents)))
        return sorted({*(tops[name] - come if name != LIBRARY else ()), *self.wait.get(name.removesuffix(".pack"), [])})

    def modules(self, files: Iterable[str]) -> list[str]:
        """The names by which the modules among `files` are imported."""
        return sorted(map(self.dotted, filter(is_module, files)))

    def dotted(self, path: str) -> str:
        """The name of the module in that file."""
        folder, _, name = self.within(path).rpartition("/")
        stem = name.partition(".")[0]
        return ".".join([*filter(None, folder.split("/")), *([] if stem == "__init__" else [stem])])

    def within(self, path: str) -> str:
        """The path as Python finds it: in the standard library or among the packages."""
        return path.removeprefix(f"{self.site_packages}/").removeprefix(f"{self.library}/")
