"""Let an app's shell start: what it always asks for in one script, and without plugins that only make it wait."""

import json
from pathlib import Path

from jupyterlite_core.addons.base import BaseAddon
from jupyterlite_core.constants import JUPYTERLITE_JSON
from traitlets import Dict

from .pages import insert_into_head

#: app -> the chunks that a start loads, without the hashes in their names; `coursekit chunks` writes it
CHUNKS = Path(__file__).with_name("chunks.json")
LOADED = "await import("
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
        for app in sorted({*named} & {*manager.apps}):
            sources = [self.chunk(stem) for stem in named[app]]
            target = manager.output_dir / "build" / app / "chunks.js"
            page = manager.output_dir / app / "index.html"
            yield self.task(
                name=f"chunks:{app}",
                file_dep=[CHUNKS, *sources],
                targets=[target],
                actions=[(self.join, [sources, target])],
            )
            yield self.task(name=f"page:{app}", file_dep=[page], actions=[(self.load_first, [page, app])])
        for app, plugins in self.without.items():
            config = manager.output_dir / app / JUPYTERLITE_JSON
            yield self.task(
                name=f"without:{app}",
                uptodate=[lambda config=config, plugins=plugins: self.switched_off(config) == sorted(plugins)],
                actions=[(self.switch_off, [config, plugins])],
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

    def load_first(self, page: Path, app: str) -> None:
        """Let the shell wait for its chunks: what it misses it asks for one by one."""
        insert_into_head(self, page, f'<script defer id="chunks" src="../build/{app}/chunks.js"></script>')
        text = page.read_text(encoding="utf-8")
        if LOADED not in text:
            raise ValueError(f"{page} loads no app: wanted a script with {LOADED}")
        if WAITS not in text:
            page.write_text(text.replace(LOADED, WAITS + LOADED, 1), encoding="utf-8")
            self.maybe_timestamp(page)

    def switched_off(self, config: Path) -> list[str]:
        data = json.loads(config.read_text(encoding="utf-8"))["jupyter-config-data"]
        return data.get("disabledExtensions", [])

    def switch_off(self, config: Path, plugins: list[str]) -> None:
        data = json.loads(config.read_text(encoding="utf-8"))
        data["jupyter-config-data"]["disabledExtensions"] = sorted(plugins)
        config.write_text(json.dumps(data, indent=2), encoding="utf-8")
        self.maybe_timestamp(config)
