"""One file for the figures of all benches: each adds its own and leaves the others' as they are."""

import json
import os
import platform
import sys
from pathlib import Path

import numpy as np

BENCH_JSON = Path(__file__).resolve().parents[2] / "build" / "bench.json"
WHERE = "wasm" if sys.platform == "emscripten" else "native"


def describe_platform() -> str:
    """Say on what was measured."""
    return f"{sys.platform} {platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}"


def record(figures: dict, *keys: str, path: Path = BENCH_JSON) -> None:
    """Put figures under keys, as in record(figures, "learn", "reverse", "native"), in place of what was there."""
    everything = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    node = everything
    for key in keys[:-1]:
        node = node.setdefault(key, {})
    node[keys[-1]] = figures
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(everything, indent=1) + "\n", encoding="utf-8")
    os.replace(part, path)
