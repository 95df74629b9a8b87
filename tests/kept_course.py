"""A course that a browser has kept after one visit: what has to hold once its server has stopped, in any engine."""

import json
import re
from pathlib import Path

from coursekit.testing.lab import Lab

SITE = Path(__file__).parents[1] / "build/site"
LISTED = json.loads((SITE / "offline.json").read_text(encoding="utf-8"))
READY = "This course is ready to be used without a network"
#: what notebooks read, as they find it from the folder that they stand in
BESIDE = [path.removeprefix("files/") for path in LISTED if re.match("files/(checkpoints|reviews|tables)/", path)]


def expect_it_runs(lab: Lab, path: str) -> None:
    lab.open(path)
    code = [cell for cell in lab.run_all() if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code)
    assert not [output for cell in code for output in cell["outputs"] if output["output_type"] == "error"]


def expect_it_reads_what_stands_beside_it(lab: Lab) -> None:
    assert len(BESIDE) > 10
    said = lab.ask(f"for name in {BESIDE!r}: print(name, len(open('../' + name, 'rb').read()) > 0)")
    assert said.splitlines() == [f"{name} True" for name in BESIDE]
