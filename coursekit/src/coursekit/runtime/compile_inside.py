"""Runs inside Pyodide: every archive in /host/source, its modules compiled, into /host/compiled.

The browser would otherwise compile each module anew at every start.
"""

import ast
import fnmatch
import importlib._bootstrap_external as bootstrap
import importlib.util
import json
import os
import zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def without_docstrings(tree):
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED):
            while node.body and is_text(node.body[0]):  # the next text would be one
                del node.body[0]
            node.body = node.body or [ast.Pass(lineno=1, col_offset=0, end_lineno=1, end_col_offset=0)]
    return tree


def is_text(statement):
    return isinstance(statement, ast.Expr) and isinstance(getattr(statement.value, "value", None), str)


def compile_module(source, shown_as, documented):
    tree = ast.parse(source)
    code = compile(tree if documented else without_docstrings(tree), shown_as, "exec", dont_inherit=True)
    # Unchecked: there is no source beside it to check against.
    return bytes(bootstrap._code_to_hash_pyc(code, importlib.util.source_hash(source), False))


def compiled(name, data, root, documented):
    """Return the entry's new name and bytes; what is no valid module of this Python stays as it is."""
    if not name.endswith(".py"):
        return name, data
    try:
        return name + "c", compile_module(data, f"{root}/{name}", documented)
    except SyntaxError:
        return name, data


def is_among(name, patterns):
    """Whether the last pattern that matches is one without a ! before it."""
    matching = [pattern for pattern in patterns if fnmatch.fnmatch(name, pattern.removeprefix("!"))]
    return bool(matching) and not matching[-1].startswith("!")


def replaced(name, data, instead):
    """The source of `name` with what stands in `instead` for it; a text that is not there once is no longer known."""
    for text, other in instead.get(name, {}).items():
        if data.count(text.encode()) != 1:
            raise ValueError(f"{name}: wanted {text!r} in it once, to replace it, got {data.count(text.encode())}")
        data = data.replace(text.encode(), other.encode())
    return data


def compile_archive(source, target, root, leave_out, without_docstrings, instead):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in sorted(old.namelist()):
            if name.endswith("/") or is_among(name, leave_out):
                continue
            data = replaced(name, old.read(name), instead)
            name, data = compiled(name, data, root, not is_among(name, without_docstrings))
            new.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)


with open("/host/jobs.json") as stream:
    for job in json.load(stream):
        part = f"/host/compiled/{job['file']}.part"
        compile_archive(f"/host/source/{job['file']}", part, job["root"], **job["trim"])
        os.rename(part, f"/host/compiled/{job['file']}")
