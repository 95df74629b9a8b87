"""What a notebook did in the browser: its cells, its widgets, and whatever went wrong on the page."""

import json
from dataclasses import dataclass

from .lab import Lab

WIDGETS = """
import sys
if 'ipywidgets' in sys.modules:
    import json as _json
    print(_json.dumps(sys.modules['ipywidgets'].Widget.get_manager_state()['state']))
else:
    print('{}')
"""
VIEWS = """() => [...document.querySelectorAll('.jp-OutputArea-output')]
  .filter((output) => /Error displaying widget|Failed to load model/.test(output.textContent))
  .map((output) => output.textContent)"""


@dataclass(frozen=True)
class Transcript:
    """`code` are the code cells in order, `models` the widget states by model id."""

    code: list[dict]
    models: dict
    errors: list[str]
    asked: list[str]
    broken_views: list[str]


def run(lab: Lab, path: str, asked: list[str], timeout: float) -> Transcript:
    """Open `path`, run all of it, and tell what happened; `asked` is the list of refused requests."""
    lab.open(path)
    cells = lab.run_all(timeout)
    models = json.loads(lab.ask(WIDGETS))
    return Transcript(
        code=[cell for cell in cells if cell["cell_type"] == "code"],
        models=models,
        errors=list(lab.errors),
        asked=list(asked),
        broken_views=lab.page.evaluate(VIEWS),
    )
