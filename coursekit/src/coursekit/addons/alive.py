"""What a lesson's page needs to run its cells in place: the scripts, and what they should know of this build."""

import json
from pathlib import Path

from jupyterlite_core.constants import JUPYTERLITE_JSON
from jupyterlite_pyodide_kernel.addons._base import _BaseAddon

from .packs import loaded_at_start, packs_in
from .runtime import LOCK, RECORD
from .words import Words

SCRIPTS = sorted((Path(__file__).parent / "page").glob("alive*.js"))


class AliveAddon(Words, _BaseAddon):
    """Put the scripts beside the pages to read, with a list of the runtime's and the course's files and their sizes."""

    __all__ = ("check", "post_build")

    @property
    def output(self) -> Path:
        return self.manager.output_dir / "read"

    @property
    def pyodide(self) -> Path:
        return self.manager.output_dir / "static" / "pyodide"

    def post_build(self, manager):
        for script in SCRIPTS:
            target = self.output / script.name
            yield self.task(name=f"script:{script.stem}", **self.translates(script, target))
        yield self.task(
            name="manifest",
            task_dep=[f"{manager.task_prefix}post_build:course-early:scripts"],
            uptodate=[self.is_current],
            actions=[self.write],
        )

    def check(self, manager):
        yield self.task(name="manifest", actions=[self.check_manifest])

    @property
    def manifest(self) -> Path:
        return self.output / "alive.json"

    def is_current(self) -> bool:
        return self.manifest.exists() and self.manifest.read_text(encoding="utf-8") == self.text()

    def write(self) -> None:
        self.output.mkdir(parents=True, exist_ok=True)
        self.manifest.write_text(self.text(), encoding="utf-8")
        self.maybe_timestamp(self.manifest)

    def check_manifest(self) -> None:
        """Raise ValueError when the site holds other files than its pages know of."""
        if not self.is_current():
            raise ValueError(f"{self.manifest.name} should name the site's files; `jupyter lite build` names them anew")

    def text(self) -> str:
        """The manifest: where Python is, what it loads, and the files that a notebook may open."""
        settings = self.get_pyodide_settings(self.manager.output_dir / JUPYTERLITE_JSON)
        packages = settings["loadPyodideOptions"]["packages"]
        known = {
            "python": settings["pyodideUrl"],
            "packages": packages,
            "runtime": {f"static/pyodide/{name}": self.size(name) for name in self.loaded()},
            "later": [f"static/pyodide/{name}" for name in self.later],
            "course": self.course(),
        }
        return json.dumps(known, indent=1)

    def size(self, name: str) -> int:
        return (self.pyodide / name).stat().st_size

    def loaded(self) -> list[str]:
        """The files that a start of Python waits for: what is no package, and a pack in place of packages."""
        loaded = loaded_at_start(self.pyodide, self.manager.lite_dir / RECORD)
        return [name for name in loaded if name not in (*self.later, LOCK)]

    @property
    def later(self) -> list[str]:
        return packs_in(self.pyodide)

    def course(self) -> dict[str, int]:
        """Each file that the site ships beside its notebooks, by its path, with its size."""
        folder = self.manager.output_dir / "files"
        paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".ipynb")
        return {path.relative_to(folder).as_posix(): path.stat().st_size for path in paths}
