"""What a start may cost: bytes and requests of this build, and seconds against stock by the last bench."""

import json

from jupyterlite_core.addons.base import BaseAddon
from traitlets import Dict, Int, Unicode

from ..bench.traffic import sent
from .packs import loaded_at_start
from .runtime import RECORD


class BudgetAddon(BaseAddon):
    """Fail the check of a site whose start costs more than was agreed on."""

    __all__ = ("check",)

    bytes = Int(0, help="bytes that a start of Python may load, compressed (0: any number)").tag(config=True)
    requests = Int(0, help="files that it may load (0: any number)").tag(config=True)
    ratios = Dict(help="condition -> measure -> the most that the last bench may say of ours / stock cold").tag(
        config=True
    )
    report = Unicode("build/bench-site.json", help="what `coursekit bench` wrote, if it did").tag(config=True)

    def check(self, manager):
        """Verify that a start costs no more than its budget."""
        yield self.task(name="python", actions=[self.check_python])
        yield self.task(name="bench", actions=[self.check_bench])

    def check_python(self) -> None:
        pyodide = self.manager.output_dir / "static" / "pyodide"
        files = loaded_at_start(pyodide, self.manager.lite_dir / RECORD)
        costs = {"bytes": sum(sent(pyodide / name) for name in files), "requests": len(files)}
        for name, cost in costs.items():
            most = getattr(self, name)
            if most and cost > most:
                raise ValueError(f"a start of Python may cost {most} {name} (BudgetAddon.{name}); it costs {cost}")

    def check_bench(self) -> None:
        report = self.manager.lite_dir / self.report
        if not report.exists():
            return
        measured = json.loads(report.read_text(encoding="utf-8"))["ratios"]
        for condition, limits in self.ratios.items():
            for name, most in limits.items():
                ratio = measured.get(condition, {}).get(name)
                if ratio is not None and ratio > most:
                    raise ValueError(
                        f"{condition}: {name} may be {most} of stock's cold start (BudgetAddon.ratios); "
                        f"the last bench measured {ratio:.2f}"
                    )
