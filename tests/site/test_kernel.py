"""The kernel restarts, and what ran before runs again with the same result."""

import json

from coursekit.notebooks.compare import differences
from coursekit.testing.transcript import WIDGETS

INLINE = "() => document.querySelector('link[rel~=icon]').href.startsWith('data:')"
#: each icon that the tab has had since, with the one that it has
ICONS = """() => {
  const icon = document.querySelector('link[rel~=icon]');
  window.icons = [icon.href];
  new MutationObserver(() => icons.push(icon.href)).observe(icon, { attributeFilter: ['href'] });
}"""


def run(lab) -> tuple[list[dict], dict]:
    cells = [cell for cell in lab.run_all() if cell["cell_type"] == "code"]
    return cells, json.loads(lab.ask(WIDGETS))


def test_restart_and_run_again_gives_the_same_outputs(lab, first):
    lab.open(f"solutions/{first}")
    first, first_models = run(lab)
    lab.ask("marker = 1")
    lab.restart()
    assert lab.ask("print('marker' in globals())").strip() == "False", "the kernel did not restart"
    second, second_models = run(lab)
    assert [cell["execution_count"] for cell in second] == [cell["execution_count"] for cell in first]
    for one, other in zip(first, second, strict=True):
        assert differences(one["outputs"], other["outputs"], first_models, second_models) == [], one["source"]


def test_the_lesson_stays_readable(lab, first):
    """`??` shows the source of what the lesson teaches."""
    lab.open(first)
    shown = lab.ask(
        "import inspect, lesson.nn.attention as a; print(inspect.getsource(a.scaled_dot_product_attention))"
    )
    assert "def scaled_dot_product_attention(" in shown
    assert "sqrt" in shown


def test_the_tab_says_whether_python_is_busy_without_asking_the_server(lab, first):
    lab.open(first)
    lab.page.wait_for_function(INLINE, timeout=60_000)
    lab.page.evaluate(ICONS)
    lab.run(next(index for index, cell in enumerate(lab.cells()) if cell["cell_type"] == "code"))
    lab.page.wait_for_function("() => new Set(icons).size === 2")
    assert all(one.startswith("data:image/") for one in lab.page.evaluate("() => icons"))
