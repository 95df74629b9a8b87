"""The committed lock: every file of the runtime, its SHA-256, and where it may come from."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class LockedFile:
    """One file: `sources` are tried in order, `sha256` decides."""

    file: str
    sha256: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class LockedPackage(LockedFile):
    """One wheel, with what Pyodide needs to know to load it."""

    name: str
    version: str
    imports: tuple[str, ...]
    depends: tuple[str, ...]


@dataclass(frozen=True)
class RuntimeLock:
    """Pyodide's core files and the wheels beside them."""

    pyodide: str
    info: dict
    core: tuple[LockedFile, ...]
    packages: tuple[LockedPackage, ...]

    @property
    def files(self) -> tuple[LockedFile, ...]:
        return (*self.core, *self.packages)

    @classmethod
    def read(cls, path: Path) -> "RuntimeLock":
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                pyodide=data["pyodide"],
                info=data["info"],
                core=tuple(LockedFile(**tuples(entry)) for entry in data["core"]),
                packages=tuple(LockedPackage(**tuples(entry)) for entry in data["packages"]),
            )
        except FileNotFoundError:
            raise ValueError(f"no runtime lock at {path}: write one with `coursekit lock`") from None
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError(f"{path} is not a runtime lock: {error!r}; renew it with `coursekit lock`") from error

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    def for_pyodide(self, hashes: dict[str, str]) -> dict:
        """Pyodide's own form of the lock, for the wheels that `hashes` names by file."""
        packages = {one.name: _for_pyodide(one, hashes[one.file]) for one in self.packages if one.file in hashes}
        return {"info": self.info, "packages": packages}


def _for_pyodide(package: LockedPackage, sha256: str) -> dict:
    return {
        "name": package.name,
        "version": package.version,
        "file_name": package.file,
        "sha256": sha256,
        "imports": list(package.imports),
        "depends": list(package.depends),
        "install_dir": "site",
        "package_type": "package",
        "unvendored_tests": False,
    }


def tuples(entry: dict) -> dict:
    """JSON knows lists only; the lock's entries are immutable."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
