"""Part of Python's memory when it wakes up in the browser, imported before anything else is."""

import base64
import contextlib
import hashlib
import json
import logging
import os
import random
import sys
import time
import zlib
from importlib import import_module, invalidate_caches
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    PathFinder,
    SourceFileLoader,
    SourcelessFileLoader,
)
from typing import ClassVar

DRIVE = "/drive/"
#: who keeps a hold of what Pyodide has loaded
HOLDERS = {"pyodide._package_loader", "micropip._compat._compat_in_pyodide"}
LOADERS = [
    (ExtensionFileLoader, EXTENSION_SUFFIXES),
    (SourceFileLoader, SOURCE_SUFFIXES),
    (SourcelessFileLoader, BYTECODE_SUFFIXES),
]


def on_drive(entry):
    return f"{entry or os.getcwd()}/".startswith(DRIVE)


def listed(folder):
    try:
        return os.listdir(folder or os.getcwd())
    except OSError:  # without a service worker there is no drive
        return []


class DriveFinder(FileFinder):
    """Finds modules beside a notebook. Each question to the drive takes its time: it is asked for what is there."""

    names = None

    def find_spec(self, fullname, target=None):
        if self.names is None:
            self.names = {entry.partition(".")[0] for entry in listed(self.path)}
        return super().find_spec(fullname, target) if fullname.rpartition(".")[2] in self.names else None


class LookAgain:
    """Comes last: what nobody has found may have been written beside the notebook since."""

    @staticmethod
    def find_spec(fullname, path=None, target=None):
        entries = [entry for entry in (sys.path if path is None else path) if on_drive(entry)]
        for finder in list(sys.path_importer_cache.values()):
            if isinstance(finder, DriveFinder):
                finder.names = None
        return PathFinder.find_spec(fullname, entries, target)


def hook(entry):
    if not on_drive(entry):
        raise ImportError("not on the drive")
    return DriveFinder(entry or os.getcwd(), *LOADERS)


class Late:
    """Comes last of all: fetches the pack of a module that has not come yet, while whoever imports it waits."""

    #: by name: its modules, and the address and the integrity of what it is fetched from
    packs: ClassVar = {}

    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        for name, (modules, address, integrity) in list(cls.packs.items()):
            if fullname in modules:
                lay_out(fetched(name, address, integrity))
                take(name)
                invalidate_caches()
                return PathFinder.find_spec(fullname, path)


def take(name):
    """Whether the pack has not come before."""
    return Late.packs.pop(name, None) is not None


def fetched(name, address, integrity):
    from js import XMLHttpRequest

    asking = XMLHttpRequest.new()
    asking.open("GET", address, False)
    asking.responseType = "arraybuffer"
    with contextlib.suppress(Exception):  # a browser's own word for it says less
        asking.send()
    content = asking.response.to_bytes() if asking.status == 200 else b""
    if f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}" != integrity:
        raise ImportError(f"{name} could not be loaded: look whether you are online, then run the cell again")
    return zlib.decompress(content, wbits=31)


def lay_out(content):
    """Write the files of a pack, as the page does with those that come by themselves."""
    end = 4 + int.from_bytes(content[:4], "little")
    for folder, files in json.loads(content[4:end]).items():
        os.makedirs(folder, exist_ok=True)
        for name, size in files:
            with open(f"{folder}/{name}", "wb") as file:
                file.write(content[end : end + size])
            end += size


def bring_in(*names):
    """Import modules that nobody has asked for yet, and do not ask the drive for each that they import."""
    path = sys.path[:]
    sys.path[:] = [entry for entry in path if not on_drive(entry)]
    try:
        for name in names:
            import_module(name)
    finally:
        sys.path[:] = path


def zones():
    """January's and July's, the one without summer time first, as `time` has them when it is imported."""
    year = time.localtime().tm_year
    found = [time.localtime(time.mktime((year, month, 1, 0, 0, 0, 0, 0, -1))) for month in (1, 7)]
    return sorted(found, key=lambda moment: moment.tm_gmtoff)


def wake(modules, folder, files):
    """Take up what no snapshot can hold: chance, the time and its zone, what Pyodide has loaded, and what may come."""
    import pyodide_js

    random.seed()
    logging._startTime = time.time_ns()
    winter, summer = zones()
    time.timezone, time.altzone = -winter.tm_gmtoff, -summer.tm_gmtoff
    time.daylight = int(time.timezone != time.altzone)
    time.tzname = (winter.tm_zone, summer.tm_zone)
    for name in HOLDERS & sys.modules.keys():
        sys.modules[name].loadedPackages = pyodide_js.loadedPackages
    integrity = json.loads(files)
    Late.packs = {name: ({*those}, folder + name, integrity[name]) for name, those in json.loads(modules).items()}


sys.path_hooks.insert(0, hook)
sys.meta_path += [LookAgain, Late]
