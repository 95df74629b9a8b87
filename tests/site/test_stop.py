"""A cell that never ends, or a Python that dies, has a way out, and no work is lost on it."""

LOOP = "while True:\n    pass"
BUSY = "() => window.jupyterapp.shell.currentWidget.sessionContext.kernelDisplayStatus === 'busy'"
IDLE = "() => window.jupyterapp.shell.currentWidget.sessionContext.kernelDisplayStatus === 'idle'"
RUN = "window.jupyterapp.commands.execute('notebook:run-cell-and-select-next')"
SELECT = "(index) => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = index; }"
#: the minute after which the page offers a way out lasts a tenth of a second here
SHORTER = """const real = setTimeout;
window.setTimeout = (act, wait, ...more) => real(act, wait === 60000 ? 100 : wait, ...more);"""


def test_a_loop_without_end_is_stopped_and_its_cells_above_run_again(lab, first):
    lab.page.add_init_script(SHORTER)
    lab.open(first)
    above, loop, *_ = (i for i, cell in enumerate(lab.cells()) if cell["cell_type"] == "code")
    lab.set_source(above, "brought = 'back'")
    lab.set_source(loop, LOOP)
    assert lab.ask("print('ready')").strip() == "ready"  # what Python looks up as it starts is not to be cut off
    lab.page.evaluate(SELECT, loop)
    lab.page.evaluate(f"() => {{ {RUN}; }}")
    lab.page.wait_for_function(BUSY, timeout=60_000)
    lab.page.locator("#course-notices [data-kind=long]").get_by_role("button", name="Stop Python").wait_for()
    lab.page.get_by_role("button", name="Stop Python: what it has computed is lost, your notebook is not").click()
    notice = lab.page.locator("#course-notices [data-kind=stopped]")
    notice.wait_for(timeout=120_000)
    assert not lab.page.locator("#course-notices [data-kind=long]").count()
    assert "Python was stopped" in notice.inner_text()
    notice.get_by_role("button", name="Run to here").press("Enter")
    lab.page.wait_for_function(IDLE, timeout=120_000)
    assert lab.ask("print(brought)").strip() == "back"
    assert lab.cells()[loop]["source"] == LOOP
