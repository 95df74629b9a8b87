"""Runs inside Pyodide: every archive in /host/source, its modules compiled, into /host/compiled.

The browser would otherwise compile each module anew at every start.
"""

import fnmatch
import importlib._bootstrap_external as bootstrap
import importlib.util
import json
import os
import zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)


def compile_module(source, shown_as):
    code = compile(source, shown_as, "exec", dont_inherit=True)
    # Unchecked: there is no source beside it to check against.
    return bytes(bootstrap._code_to_hash_pyc(code, importlib.util.source_hash(source), False))


def compiled(name, data, root):
    """Return the entry's new name and bytes; what is no valid module of this Python stays as it is."""
    if not name.endswith(".py"):
        return name, data
    try:
        return name + "c", compile_module(data, f"{root}/{name}")
    except SyntaxError:
        return name, data


def is_left_out(name, patterns):
    """Whether the last pattern that matches leaves the entry out; one that begins with ! keeps it."""
    matching = [pattern for pattern in patterns if fnmatch.fnmatch(name, pattern.removeprefix("!"))]
    return bool(matching) and not matching[-1].startswith("!")


def compile_archive(source, target, root, leave_out):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in sorted(old.namelist()):
            if name.endswith("/") or is_left_out(name, leave_out):
                continue
            name, data = compiled(name, old.read(name), root)
            new.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)


with open("/host/jobs.json") as stream:
    for job in json.load(stream):
        part = f"/host/compiled/{job['file']}.part"
        compile_archive(f"/host/source/{job['file']}", part, job["root"], job["leave_out"])
        os.rename(part, f"/host/compiled/{job['file']}")
