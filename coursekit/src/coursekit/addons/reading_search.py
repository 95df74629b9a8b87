"""What there is to find in a page to read: its sections, each with the words in it."""

from pathlib import Path

from bs4 import BeautifulSoup, Tag

HEADINGS = ("h1", "h2", "h3")


def sections(page: Path) -> list[dict[str, str]]:
    """Return, for each heading of `page`, where it stands and the text down to the next one."""
    main = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").main
    for aside in main.select("nav, svg, .label, .output"):
        aside.decompose()
    lesson = _text(main.h1)
    found = []
    for heading in main.find_all(HEADINGS):
        words = []
        for node in heading.find_all_next():
            if node.name in HEADINGS:
                break
            if _outermost(node):
                words.append(_text(node))
        where = f"{page.name}#{heading['id']}"
        found.append({"lesson": lesson, "title": _text(heading), "where": where, "text": " ".join(words)})
    return found


def _outermost(node: Tag) -> bool:
    """Whether `node` holds text that none of its parents was asked for."""
    return node.name in _BLOCKS and not node.find_parent(_BLOCKS)


def _text(node: Tag) -> str:
    return " ".join(node.get_text(" " if node.name in ("table", "ul", "ol", "dl") else "").split())


_BLOCKS = ("p", "ul", "ol", "dl", "table", "pre", "details", "blockquote")
