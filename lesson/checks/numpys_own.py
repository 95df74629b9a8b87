"""NumPy as it came: a check judges with NumPy's own functions, whatever a learner has put in their place."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import numpy as np

_MODULES = {"np": np, "np.linalg": np.linalg, "np.random": np.random}
_OWN = {
    place: {name: thing for name, thing in vars(module).items() if not name.startswith("_")}
    for place, module in _MODULES.items()
}
_DELETED = object()


def put_back() -> dict[str, tuple[ModuleType, str, object]]:
    """Give every name of NumPy its own meaning; return what stood in its place, by the full name."""
    replaced = {}
    for place, module in _MODULES.items():
        now = vars(module)
        for name, own in _OWN[place].items():
            if now.get(name, _DELETED) is not own:
                replaced[f"{place}.{name}"] = (module, name, now.get(name, _DELETED))
                now[name] = own
    return replaced


@contextmanager
def numpys_own() -> Iterator[tuple[str, ...]]:
    """For the time of a `with`, have NumPy's own functions; afterwards what was found. Give the names replaced."""
    found = put_back()
    try:
        yield tuple(found)
    finally:
        put_back()
        for module, name, thing in found.values():
            if thing is not _DELETED:
                setattr(module, name, thing)
