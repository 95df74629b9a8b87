"""The first lesson without a mouse: from the front page to its end by keys alone, and at each stop one sees where."""

#: where the focus is, and whether that can be seen: an outline, a ring, or a cell's border
FOCUS = """() => {
  const e = document.activeElement, style = getComputedStyle(e);
  const cell = e.closest('.jp-Cell'), bar = cell?.querySelector('.jp-Collapser-child');
  return {
    tag: e.localName, role: e.getAttribute('role'), href: e.getAttribute('href') || '',
    cell: cell ? Number(cell.dataset.windowedListIndex) : null,
    seen: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
      || (e === cell && cell.matches('.jp-mod-active') && getComputedStyle(bar).backgroundColor !== 'rgba(0, 0, 0, 0)')
  };
}"""
ACTIVE = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
IDLE = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'"
CLICKED = """() => {
  window.clicked = 0;
  for (const kind of ['mousedown', 'pointerdown']) addEventListener(kind, () => { window.clicked += 1; }, true);
}"""
ANSWER = "def my_scores(query, key): return query @ key.T"


def tab_to(page, wanted, most: int = 80, key: str = "Tab") -> dict:
    """Press Tab until the focus stands on what is wanted, and see that it shows."""
    stops = []
    for _ in range(most):
        page.keyboard.press(key)
        stops.append(page.evaluate(FOCUS))
        if wanted(stops[-1]):
            assert stops[-1]["seen"], f"nothing shows that the focus is here: {stops[-1]}"
            return stops[-1]
    raise AssertionError(f"{most} times {key} did not lead there: {stops[-5:]}")


def test_the_first_lesson_from_the_front_page_to_its_end(lab, first):
    page = lab.page
    page.goto(lab.url)
    tab_to(page, lambda stop: stop["href"].endswith(f"notebooks/index.html?path={first}"))
    page.keyboard.press("Enter")
    lab.wait(120)
    page.evaluate(CLICKED)
    # Ready, the notebook takes the focus to its first cell; a key pressed before that would lead elsewhere.
    page.wait_for_function("() => document.activeElement.matches('.jp-Cell')")
    assert page.evaluate(FOCUS)["cell"] == 0 and page.evaluate(FOCUS)["seen"]
    cells = {cell["id"]: index for index, cell in enumerate(lab.cells())}
    for index in range(len(cells) - 1):
        assert page.evaluate(ACTIVE) == index
        if index == cells["query-widget"]:
            move_a_slider(page)
        if index == cells["move-the-query-answers"]:
            open_a_hint(page)
        if index == cells["scores-exercise"]:
            type_an_answer(page)
        page.keyboard.press("Shift+Enter")
        page.wait_for_function(f"() => ({ACTIVE})() === {index + 1} && ({IDLE})()")
    page.keyboard.press("Control+Enter")
    page.wait_for_function(IDLE)
    code = [cell for cell in lab.cells() if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code)
    (verdict,) = [output for cell in code if cell["id"] == "scores-check" for output in cell["outputs"]]
    assert "".join(verdict["data"]["text/plain"]).startswith("right")
    assert page.evaluate("() => window.clicked") == 0


def move_a_slider(page) -> None:
    page.keyboard.press("Control+Enter")
    words = page.locator("[role=status][aria-live]").first
    words.wait_for()
    tab_to(page, lambda stop: stop["role"] == "slider")
    before = words.inner_text()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("([e, before]) => e.innerText !== before", arg=[words.element_handle(), before])


def open_a_hint(page) -> None:
    tab_to(page, lambda stop: stop["tag"] == "summary")
    page.keyboard.press("Space")
    assert page.evaluate("() => document.activeElement.parentElement.open")


def type_an_answer(page) -> None:
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.matches('.cm-content')")
    page.keyboard.press("Control+A")
    page.keyboard.type(ANSWER)
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.activeElement.matches('.cm-content')")


def test_every_entry_of_the_menus_has_a_name(lab, first):
    """What belongs to a plugin that is switched off would be an empty line, and nothing to a screen reader."""
    lab.open(first)
    for name in ("File", "Edit", "View", "Run", "Kernel", "Settings", "Help"):
        lab.page.get_by_role("menuitem", name=name, exact=True).first.click()
        entries = lab.page.locator(".lm-Menu-item:not([data-type=separator]):visible .lm-Menu-itemLabel")
        entries.first.wait_for()
        assert [text for text in entries.all_inner_texts() if not text.strip()] == [], name
        lab.page.keyboard.press("Escape")
