"""Remember which exercises are done, in the browser of the one who did them; elsewhere nothing is kept.

The kernel's worker writes straight into an IndexedDB database of this site, where the home page reads it. Every
course has its own: the database is named by the folder that the site stands in.
"""

import re
import sys
from pathlib import Path

RIGHT, NOT_RIGHT = "right", "not right"
#: where the worker's script stands in a JupyterLite site; what comes before is the site's folder
_SITE = re.compile(r"(.*/)(?:static/pyodide|extensions/@jupyterlite)/")
#: A refused database must not reach the learner, who was only checking an answer: so nothing here throws.
_STORE = """
(database, key, right) => {
  try {
    const opening = indexedDB.open(database, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("exercises");
    opening.onerror = (event) => event.preventDefault();
    opening.onsuccess = () => {
      const done = opening.result.transaction("exercises", "readwrite").objectStore("exercises");
      const asking = done.get(key);
      asking.onsuccess = () => {
        const before = asking.result ?? { right: false, tries: 0 };
        done.put({
          right: before.right || right,
          tries: before.tries + (before.right ? 0 : 1),
          when: before.right ? before.when : new Date().toISOString(),
        }, key);
      };
      done.transaction.onabort = done.transaction.oncomplete = () => opening.result.close();
    };
  } catch {}
}
"""


def note(lesson: str, name: str, status: str) -> None:
    """Count a try at the exercise `name` of `lesson`, and whether it was right; once right, it stays right.

    A stub is no try, and the solutions are nobody's: neither is counted.
    """
    if sys.platform == "emscripten" and status in (RIGHT, NOT_RIGHT) and Path.cwd().name != "solutions":
        _store(f"{lesson}/{name}", status == RIGHT)


def _store(key: str, right: bool) -> None:
    import js
    from pyodide.code import run_js

    location = getattr(js, "location", None)  # Node has none
    # A worker made of a blob is told where its site stands; another one's script stands in it.
    site = getattr(js, "siteRoot", None)
    database = f"progress of {site}" if site else location and database_of(str(location.pathname))
    if database:
        run_js(_STORE)(database, key, right)


def database_of(worker: str) -> str | None:
    """Name the site's database by the path of the worker's script, or None if that is no site's.

    >>> database_of("/course/static/pyodide/early-worker.js")
    'progress of /course/'
    """
    site = _SITE.match(worker)
    return f"progress of {site[1]}" if site else None
