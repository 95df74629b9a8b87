"""A training in the page: begun once, counted, stopped while it goes on, gone on with, started over."""

import pytest

LESSON = "solutions/06-train-an-encoder-decoder.ipynb"


@pytest.fixture
def opened(lab):
    lab.open(LESSON)
    names = [cell["id"] for cell in lab.cells()]
    for needed in ("imports", "live-widget"):
        lab.run(names.index(needed))
    return lab


def test_it_trains_stops_goes_on_and_starts_over(opened):
    page = opened.page
    bar = page.locator("progress")
    bar.scroll_into_view_if_needed()
    status = bar.locator("xpath=..")
    steps = lambda: int(bar.get_attribute("value"))  # noqa: E731
    assert status.inner_text().strip() == "Not begun: 120 steps to do."

    for _ in range(3):
        press(page, "Train")
    until(page, lambda: 0 < steps() < 60, "it trains")
    assert "Training: step" in status.inner_text() and " s left." in status.inner_text()
    assert opened.ask("print(6 * 7)").strip() == "42", "the kernel answers while it trains"

    press(page, "Stop")
    until(page, lambda: "Stopped after step" in status.inner_text(), "Stop is heard")
    stopped = steps()
    page.wait_for_timeout(1500)
    assert steps() == stopped < 120

    press(page, "Train")
    until(page, lambda: steps() > stopped, "it goes on")
    until(page, lambda: "Done: 120 steps." in status.inner_text(), "it comes to its end", seconds=60)
    said = status.locator("xpath=ancestor::*[contains(@class, 'widget-vbox')][1]").locator("[role=status]")
    assert "writes 100 of 100 held-out answers" in said.inner_text()

    press(page, "Start over")
    until(page, lambda: "Not begun" in status.inner_text(), "it starts over")
    assert steps() == 0


def press(page, name: str) -> None:
    """Press a button as a keyboard does."""
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    button.press("Enter")


def until(page, happens, what: str, seconds: float = 20) -> None:
    for _ in range(int(10 * seconds)):
        if happens():
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"waited {seconds} s in vain: {what}")
