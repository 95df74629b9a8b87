"""A policy in every page of the site: nothing is ever asked of another server, not by the learner's code either.

A static host sends no headers of ours, so the policy stands in the page's head. There it can forbid every request, but
three things only a header could: being framed by others (`frame-ancestors`), a `sandbox`, and reports. Nor does any
policy hold what leaves the page itself, a link that is followed or a window that somebody's own code opens, nor (in
Chromium) the bare connection, without a request, that a refused frame has already been given.
"""

import re
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

from jupyterlite_core.addons.base import BaseAddon
from traitlets import List, Unicode

from .pages import ANYWHERE, POLICY_ENDS, integrity_of
from .words import Words

SCRIPT = Path(__file__).parent / "page" / "guard.js"
INLINE = re.compile(r"<script(?![^>]*\s(?:src|type=\"application/json\"))[^>]*>(.+?)</script>", re.DOTALL)
OURS = re.compile(r"\n<!-- policy -->.*?" + POLICY_ENDS, re.DOTALL)

#: Workers are held narrower still by guard.js, which knows the site's address. Frames of the site's own files would be
#: documents without a policy, and a page's script could reach into them: only blobs, which inherit it, may be framed.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "worker-src": "'self' blob:",
    "connect-src": "'self'",
    # CodeMirror, Lumino and the widgets write style elements and attributes as they go; no list of hashes could hold.
    "style-src": "'self' 'unsafe-inline'",
    # Icons and cursors are data: in style sheets, pictures are data: in outputs, blob: where a file is looked at.
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "media-src": "'self' data: blob:",
    "manifest-src": "'self'",
    "frame-src": "blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
#: eval: JupyterLab compiles the schema of each setting to a function, the kernel's worker hides its `import()` from the
#: bundler in one, and Pyodide has WebAssembly to compile and `js.eval` to offer. blob: what early.mjs has checked.
EVALUATING = "'unsafe-eval' blob:"


class PolicyAddon(Words, BaseAddon):
    """Put the policy first into the head of every page, whoever made it.

    Addons take their turns in the order of their entry points' names; this one's puts it behind all that make pages.
    """

    __all__ = ("check", "post_build")

    evaluating = List(Unicode(), help="patterns of pages, beside the apps', that start a kernel").tag(config=True)

    def post_build(self, manager):
        script = manager.output_dir / "build" / SCRIPT.name
        yield self.task(name="script", **self.translates(SCRIPT, script))
        yield self.task(
            name="pages",
            uptodate=[lambda: not list(self.without_policy())],
            actions=[self.write],
        )

    def check(self, manager):
        """Verify that no page has been left without its policy."""
        yield self.task(name="pages", actions=[self.check_pages])

    def pages(self) -> list[Path]:
        return sorted(path for path in self.manager.output_dir.rglob("*") if path.suffix in (".html", ".htm"))

    def without_policy(self) -> Iterable[Path]:
        return (page for page in self.pages() if page.read_text(encoding="utf-8") != self.guarded(page))

    def write(self) -> None:
        for page in self.without_policy():
            page.write_text(self.guarded(page), encoding="utf-8")
            self.maybe_timestamp(page)

    def check_pages(self) -> None:
        bare = [page.relative_to(self.manager.output_dir).as_posix() for page in self.without_policy()]
        if bare:
            raise ValueError(f"without the policy that it should have: {', '.join(bare)}")

    def guarded(self, page: Path) -> str:
        """The text of `page` with the policy that it should have."""
        name = page.relative_to(self.manager.output_dir).as_posix()
        text = OURS.sub("", page.read_text(encoding="utf-8"))
        evaluates = any(fnmatch(name, pattern) for pattern in self.patterns)
        guard = f'<script src="{"../" * name.count("/")}build/{SCRIPT.name}"></script>\n'
        head = (
            "\n<!-- policy -->\n"
            # A browser looks for it in the first 1024 bytes only, which the policy would fill.
            '<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy(text, evaluates, name != ANYWHERE)}">\n'
            '<meta name="referrer" content="same-origin">\n'
            f"{guard * (name != ANYWHERE)}{POLICY_ENDS}"
        )
        return re.sub(r"<head[^>]*>", lambda found: found[0] + head, text, count=1)

    @property
    def patterns(self) -> list[str]:
        return [*(f"{app}/index.html" for app in self.manager.apps or ["*"]), *self.evaluating]


def policy(page: str, evaluates: bool, works: bool = True) -> str:
    """The policy of a page of this text: the scripts written into it are allowed by their hash, one by one.

    A page that `works` not may have no worker at all, since no script of the site's guards it.
    """
    scripts = [f"'{integrity_of(script.encode())}'" for script in INLINE.findall(page)]
    extra = {"script-src": " ".join([EVALUATING] * evaluates + scripts)}
    known = POLICY if works else POLICY | {"worker-src": "'none'"}
    return "; ".join(" ".join(filter(None, [key, value, extra.get(key)])) for key, value in known.items())
