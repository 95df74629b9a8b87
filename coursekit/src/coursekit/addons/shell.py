"""Let an app's shell start: what it always asks for in one script, or ahead, and no plugin that only makes it wait."""

import json
import re
from pathlib import Path
from string import Template

from doit.tools import config_changed
from jupyterlite_core.addons.base import BaseAddon
from jupyterlite_core.constants import JUPYTERLITE_JSON
from traitlets import Dict

from .pages import insert_into_head

#: app -> the chunks that a start loads, without the hashes in their names, and the packages whose plugins it has;
#: `coursekit chunks` writes it
CHUNKS = Path(__file__).with_name("chunks.json")
AHEAD = Path(__file__).parent / "page" / "ahead.js"
SETTINGS, LISTS = "build/schemas", ("all.json", "all_federated.json")
#: what the shell asks for, beside its app's own
ASKED = ("index.html", "jupyter-lite.ipynb", "api/translations/all.json", "api/translations/en.json")
LOADED = re.compile(r"await import\(\s*'([^']+)'")
WAITS = """await new Promise((resolve) => {
          const chunks = document.getElementById('chunks');
          chunks.onload = chunks.onerror = resolve;
        });
        """


class ShellAddon(BaseAddon):
    """Join the chunks of each app that `chunks.json` names, and switch plugins off."""

    __all__ = ("post_build",)

    without = Dict(help="app -> plugins that it does not start").tag(config=True)

    def post_build(self, manager):
        named = json.loads(CHUNKS.read_text(encoding="utf-8"))
        site = manager.output_dir
        for app in manager.apps:
            page, ahead = site / app / "index.html", site / "build" / app / "ahead.js"
            yield self.task(
                name=f"ahead:{app}",
                file_dep=[AHEAD],
                uptodate=[config_changed({"named": app in named})],
                targets=[ahead],
                actions=[(self.ask_ahead, [app, ahead, app in named])],
            )
            yield self.task(name=f"page:{app}", file_dep=[page], actions=[(self.load_first, [page, app, app in named])])
            if app not in named:
                continue
            sources = [self.chunk(stem) for stem in named[app]["chunks"]]
            target = site / "build" / app / "chunks.js"
            yield self.task(
                name=f"chunks:{app}",
                file_dep=[CHUNKS, *sources],
                targets=[target],
                actions=[(self.join, [sources, target])],
            )
            yield self.task(
                name=f"settings:{app}",
                file_dep=[CHUNKS, *(site / SETTINGS / name for name in LISTS)],
                uptodate=[config_changed({"without": self.without})],
                targets=[self.settings(app) / name for name in LISTS],
                actions=[(self.write_settings, [app, named[app]["packages"]])],
            )
            config, changes = site / app / JUPYTERLITE_JSON, self.changes(app)
            yield self.task(
                name=f"configure:{app}",
                uptodate=[lambda config=config, changes=changes: self.is_configured(config, changes)],
                actions=[(self.configure, [config, changes])],
            )

    def chunk(self, stem: str) -> Path:
        found = sorted(self.manager.output_dir.glob(f"{stem}.*.js"))
        if len(found) != 1:
            raise ValueError(f"wanted one chunk {stem}.*.js, got {len(found)}: `coursekit chunks` names them anew")
        return found[0]

    def join(self, sources: list[Path], target: Path) -> None:
        """Each in a function of its own: some are strict, and some are not."""
        texts = [f"(()=>{{{source.read_text(encoding='utf-8')}\n}})();\n" for source in sources]
        target.write_text("".join(texts), encoding="utf-8")
        self.maybe_timestamp(target)

    def ask_ahead(self, app: str, target: Path, named: bool) -> None:
        own = [f"{app}/{name}" for name in ("index.html", JUPYTERLITE_JSON, "jupyter-lite.ipynb")]
        lists = self.settings(app) if named else self.manager.output_dir / SETTINGS
        paths = [*ASKED, *own, *((lists / name).relative_to(self.manager.output_dir).as_posix() for name in LISTS)]
        text = Template(AHEAD.read_text(encoding="utf-8")).substitute(paths=json.dumps(paths))
        target.write_text(text, encoding="utf-8")
        self.maybe_timestamp(target)

    def load_first(self, page: Path, app: str, named: bool) -> None:
        """Let the shell wait for its chunks: what it misses it asks for one by one."""
        text = page.read_text(encoding="utf-8")
        found = LOADED.search(text)
        if not found:
            raise ValueError(f"{page} loads no app: wanted a script with await import(...)")
        if named and WAITS not in text:
            page.write_text(text.replace(found[0], WAITS + found[0], 1), encoding="utf-8")
            self.maybe_timestamp(page)
        if named:
            insert_into_head(self, page, f'<script defer id="chunks" src="../build/{app}/chunks.js"></script>')
        # After what starts Python, which has the longer way to go.
        insert_into_head(self, page, f'<script src="../build/{app}/ahead.js"></script>', last=True)
        insert_into_head(self, page, f'<link rel="modulepreload" href="{found[1]}">', last=True)

    def settings(self, app: str) -> Path:
        return self.manager.output_dir / "build" / app / "schemas"

    def write_settings(self, app: str, packages: list[str]) -> None:
        """Leave out what belongs to packages of which the app has nothing, and to plugins that it does not start."""
        self.settings(app).mkdir(exist_ok=True)
        for name in LISTS:
            listed = json.loads((self.manager.output_dir / SETTINGS / name).read_text(encoding="utf-8"))
            if name == LISTS[0]:
                listed = [one for one in listed if one["id"].partition(":")[0] in packages]
            kept = [one for one in listed if one["id"] not in self.without.get(app, [])]
            (self.settings(app) / name).write_text(json.dumps(kept), encoding="utf-8")
            self.maybe_timestamp(self.settings(app) / name)

    def changes(self, app: str) -> dict:
        return {"disabledExtensions": sorted(self.without.get(app, [])), "settingsUrl": f"../build/{app}/schemas"}

    def is_configured(self, config: Path, changes: dict) -> bool:
        data = json.loads(config.read_text(encoding="utf-8"))["jupyter-config-data"]
        return data | changes == data

    def configure(self, config: Path, changes: dict) -> None:
        data = json.loads(config.read_text(encoding="utf-8"))
        data["jupyter-config-data"].update(changes)
        config.write_text(json.dumps(data, indent=2), encoding="utf-8")
        self.maybe_timestamp(config)
