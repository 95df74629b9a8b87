# Runs in the browser before anything else is imported there.
def _setup(drive="/drive/"):
    import os
    import re
    import sys
    from importlib import import_module
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

    loaders = [
        (ExtensionFileLoader, EXTENSION_SUFFIXES),
        (SourceFileLoader, SOURCE_SUFFIXES),
        (SourcelessFileLoader, BYTECODE_SUFFIXES),
    ]

    def on_drive(entry):
        return f"{entry or os.getcwd()}/".startswith(drive)

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
        return DriveFinder(entry or os.getcwd(), *loaders)

    def beside(code):
        """Whether a cell imports what lies beside the notebook: what that imports in its turn stands in no cell."""
        named = re.findall(r"^[ \t]*(?:import|from)[ \t]+(.+?)(?:[ \t]import\b|$)", code, re.MULTILINE)
        tops = {re.match(r"\w*", name.strip())[0] for names in named for name in names.split(",")}
        tops -= {*sys.stdlib_module_names, *sys.modules}
        folders = filter(on_drive, sys.path if tops else [])
        return any(entry.partition(".")[0] in tops for folder in folders for entry in listed(folder))

    def bring_in(*names):
        """Import modules that nobody has asked for yet, and do not ask the drive for each that they import."""
        path = sys.path[:]
        sys.path[:] = [entry for entry in path if not on_drive(entry)]
        try:
            for name in names:
                import_module(name)
        finally:
            sys.path[:] = path

    sys.path_hooks.insert(0, hook)
    sys.meta_path.append(LookAgain)
    return beside, bring_in


_setup()
