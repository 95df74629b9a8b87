"""A reading page that is alive, in any engine: what a learner sees there, and presses."""

from collections.abc import Callable

WAIT = 120_000  # milliseconds, as all waiting here
BUTTONS = "[...document.querySelectorAll(`[data-cell='${cell}'] button, .python button`)]"
FIND = f"{BUTTONS}.find((one) => !one.hidden && one.textContent.startsWith(words))"
FOCUS = f"""([cell, words]) => {{
  const button = {FIND};
  button?.focus();
  return Boolean(button) && document.activeElement === button;
}}"""
HAS = f"([cell, words]) => Boolean({FIND})"
STATUS = "document.querySelector('.python [role=status]')?.textContent"
SAYS = f"([words]) => {STATUS}?.includes(words) && !document.querySelector('[aria-busy]')"
TEXT = "([cell, part]) => document.querySelector(`[data-cell='${cell}'] ${part}`)?.innerText ?? ''"
SHOWS = f"([cell, part, words]) => ({TEXT})([cell, part]).includes(words)"
BOX = "document.querySelector(`[data-cell='${cell}'] textarea`)"
WRITTEN = f"([cell]) => {BOX}?.value ?? null"
WRITE = f"""([cell, code]) => {{
  const box = {BOX};
  box.focus();
  box.select();
  document.execCommand('insertText', false, code);
}}"""


class AlivePage:
    """The reading page of a lesson, and its cells by their ids."""

    def __init__(self, page, url: str, name: str):
        self.page, self.keyboard = page, page.keyboard
        page.goto(f"{url}read/{name}.html")
        page.wait_for_function("() => document.querySelector('.cell .bar button')")

    def press(self, words: str, cell: str = "") -> None:
        """Press the button that begins with `words`, of `cell` or of the page, as one does without a mouse."""
        self.page.wait_for_function(FOCUS, arg=[cell, words])
        self.keyboard.press("Enter")

    def has(self, words: str, cell: str = "") -> bool:
        return self.page.evaluate(HAS, [cell, words])

    def expect(self, words: str) -> str:
        """Wait until no cell runs and the status says `words`; return all that it says."""
        self._until(SAYS, [words], lambda: self.page.evaluate(STATUS))
        return self.page.evaluate(STATUS)

    def run(self, cell: str) -> None:
        # The same sentence may stand there from before.
        self.page.evaluate("() => document.querySelector('.python [role=status]')?.replaceChildren()")
        self.press("Run", cell)
        self.expect("Done")

    def text(self, cell: str, part: str = ".output") -> str:
        return self.page.evaluate(TEXT, [cell, part])

    def shows(self, cell: str, words: str, part: str = ".output") -> None:
        """Wait until a part of `cell` has `words`."""
        self._until(SHOWS, [cell, part, words], lambda: self.text(cell, part))

    def written(self, cell: str) -> str | None:
        """What stands in the editor, or None when there is none."""
        return self.page.evaluate(WRITTEN, [cell])

    def write(self, cell: str, code: str) -> None:
        """Put `code` in place of what stands there, as pasting does."""
        if self.has("Edit", cell):
            self.press("Edit", cell)
        self.page.evaluate(WRITE, [cell, code])
        assert self.written(cell) == code

    def _until(self, holds: str, argument: list[str], seen: Callable[[], object]) -> None:
        try:
            self.page.wait_for_function(holds, arg=argument, timeout=WAIT)
        except Exception as error:
            raise AssertionError(f"{argument} was waited for; what there is: {seen()!r}") from error
