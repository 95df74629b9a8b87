# Runs in the browser before anything else is imported there.
def _setup(drive="/drive/"):
    import os
    import sys
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

    class DriveFinder(FileFinder):
        """Finds modules beside a notebook. Each question to the drive takes its time: it is asked for what is there."""

        names = None

        def find_spec(self, fullname, target=None):
            if self.names is None:
                try:
                    self.names = {entry.partition(".")[0] for entry in os.listdir(self.path)}
                except OSError:  # without a service worker there is no drive
                    self.names = set()
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

    sys.path_hooks.insert(0, hook)
    sys.meta_path.append(LookAgain)


_setup()
del _setup
