"""Ask axe-core what on a page breaks WCAG 2.2, level A or AA."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: what a dark theme can break: all else is the same as in the light
COLOURS = ["color-contrast", "link-in-text-block"]
#: axe gives no verdict on text over what CSS adds before or after an element, and takes most of its time to look for it
STRICTER = {"color-contrast": {"options": {"ignorePseudo": True}}}


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """Name each element of the page that breaks a rule, and the rule.

    rules: ids of axe's rules, all of WCAG's unless given
    What a page cuts off or has scrolled away axe takes for hidden, and says nothing of its colours.
    """
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    options = {"runOnly": only, "resultTypes": ["violations"], "checks": STRICTER}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]
