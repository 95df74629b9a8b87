"""Runs inside Pyodide: in /course, what Python's command line would run with `arguments`, a script or `-m pytest`."""

import importlib
import os
import runpy
import sys
import traceback


def tools():
    """Offer the testing tools, after all that ships; keep what they compile to, for the next start."""
    sys.path.append("/tools")
    sys.dont_write_bytecode = False
    for name in ("pytest", "hypothesis.strategies"):
        importlib.import_module(name)
    sys.dont_write_bytecode = True


def run(what, *rest):
    # Python puts the working folder first, and there lies the source of the wheel that is to be tested.
    sys.path.remove("")
    if what == "-m":
        tools()
        sys.argv = list(rest)
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = [what, *rest]
        sys.path.insert(0, os.path.dirname(os.path.abspath(what)))
        runpy.run_path(what, run_name="__main__")


def status(words):
    """The exit status that Python itself would have left."""
    try:
        run(*words)
    except SystemExit as leaving:
        if leaving.code is None or isinstance(leaving.code, int):
            return int(leaving.code or 0)
        print(leaving.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
    return 0


os.chdir("/course")
status(arguments)  # noqa: F821  (in_pyodide.mjs sets it)
