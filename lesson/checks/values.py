"""What functions give back: taken down as plain arrays, texts and containers, and told apart in one sentence."""

from dataclasses import dataclass

import numpy as np

from lesson.words import say, say_count

MOST_NUMBERS = 10**7


@dataclass(frozen=True)
class Odd:
    """A thing that no exercise asks for, in words."""

    words: str


def read(thing: object) -> object:
    """Copy what a function returned into arrays, texts, None, and dicts, lists and tuples of these; the rest is Odd.

    Numbers become arrays without axes, and lists of nothing but numbers, however deep, arrays with some.
    """
    if thing is None:
        return None
    if isinstance(thing, str):
        return str.__str__(thing)
    if isinstance(thing, dict):
        return {_read_key(key): read(value) for key, value in dict.items(thing)}
    if isinstance(thing, tuple):
        return tuple(read(part) for part in tuple.__iter__(thing))
    if isinstance(thing, list):
        return _read_list(list(list.__iter__(thing)))
    return _read_array(thing)


def _read_list(parts: list) -> object:
    arrays = any(isinstance(part, np.ndarray) and part.ndim for part in parts)
    joined = parts if arrays else _joined(parts)
    return _read_array(joined) if isinstance(joined, np.ndarray) else [read(part) for part in parts]


def _joined(parts: list) -> object:
    try:
        array = np.asarray(parts)
    except ValueError:  # ragged
        return parts
    return array if array.dtype.kind in "biuf" else parts


def _read_array(thing: object) -> object:
    array = np.asarray(thing)
    if array.dtype.kind in "OUS" and array.ndim:
        return [read(part) for part in array.tolist()]
    if array.dtype.kind not in "biuf":
        kind = type(thing).__name__
        told = say("a {kind}", kind=kind)
        return Odd(told if array.dtype.kind == "O" else say("a {kind} that holds no real numbers", kind=kind))
    if array.size > MOST_NUMBERS:
        return Odd(say("an array of shape {shape}, which is far too large", shape=array.shape))
    return np.array(array)


def _read_key(key: object) -> object:
    if isinstance(key, tuple):
        return tuple(_read_key(part) for part in key)
    return key if type(key) in (str, int, float, bool, type(None)) else Odd(say("a {kind}", kind=type(key).__name__))


def describe(value: object, names: tuple[str, ...] = ()) -> str:
    """Say what kind of thing a value is, as taken down by `read`; `names` are those of a tuple's parts."""
    if isinstance(value, Odd):
        return value.words
    if value is None:
        return say("nothing")
    if isinstance(value, str):
        return say("a str, {text}", text=repr(value if len(value) <= 60 else value[:57] + "..."))
    if isinstance(value, dict):
        keys = ", ".join(map(str, value))[:120]
        return say("a dict with the keys {keys}", keys=keys) if value else say("an empty dict")
    if isinstance(value, list | tuple):
        kind = type(value).__name__
        count = say_count("a {kind} of {count} thing", "a {kind} of {count} things", len(value), kind=kind)
        return f"{count} ({', '.join(names)})" if names else count
    if value.ndim:
        return say("an array of shape {shape}", shape=value.shape)
    return f"{value}" if value.dtype == bool else say("a number")


def difference(wanted: object, got: object, names: tuple[str, ...] = (), where: str = "") -> str:
    """Say where `got` first differs from `wanted`, both as taken down by `read`; say nothing where it does not.

    Floating-point numbers may differ a little, enough for float32; all else is exact. `names` are those of a tuple's
    parts, and `where` is the path to these two.
    """
    if isinstance(wanted, list) and isinstance(got, np.ndarray) and got.ndim:
        got = [np.asarray(part) for part in got]
    elif isinstance(wanted, np.ndarray) and isinstance(got, list):
        got = _joined(got)
    told = _unlike(wanted, got, names)
    if told:
        return f"{where}: {told}" if where else told
    if isinstance(wanted, dict):
        pairs = ((str(key), part, got[key]) for key, part in wanted.items())
    elif isinstance(wanted, list | tuple):
        pairs = zip(names or map(str, range(len(wanted))), wanted, got, strict=True)
    else:
        return ""
    return next(filter(None, (difference(w, g, (), f"{where}/{key}" if where else key) for key, w, g in pairs)), "")


def _unlike(wanted: object, got: object, names: tuple[str, ...]) -> str:
    """Compare kinds of things; of containers the keys or the count, of anything else all there is."""
    if type(got) is not type(wanted):
        return _instead(describe(wanted, names), describe(got))
    if isinstance(wanted, np.ndarray):
        return _numbers_unlike(wanted, got)
    if isinstance(wanted, str):
        return _texts_unlike(wanted, got)
    if isinstance(wanted, dict):
        told = [say("{key} is missing", key=key) for key in wanted if key not in got]
        told += [say("{key} is one too many", key=key) for key in got if key not in wanted]
        keys = ", ".join(told[:4])
        return say("wanted {wanted}: {keys}.", wanted=describe(wanted), keys=keys) if told else ""
    if isinstance(wanted, list | tuple) and len(got) != len(wanted):
        return _instead(describe(wanted, names), describe(got))
    return ""


def _instead(wanted: object, got: object) -> str:
    return say("wanted {wanted}, got {got}.", wanted=wanted, got=got)


def _numbers_unlike(wanted: np.ndarray, got: np.ndarray) -> str:
    if got.shape != wanted.shape:
        if wanted.ndim and got.ndim:
            return say("wanted shape {wanted}, got {got}.", wanted=wanted.shape, got=got.shape)
        return _instead(describe(wanted), describe(got))
    if wanted.dtype.kind != got.dtype.kind and "b" in (wanted.dtype.kind, got.dtype.kind) and wanted.size:
        names = [say("True or False"), say("numbers")]
        return _instead(*(names if wanted.dtype.kind == "b" else reversed(names)))
    if wanted.dtype.kind == "f":
        apart = ~np.isclose(got, wanted, rtol=1e-5, atol=1e-7, equal_nan=True)
    else:
        apart = got != wanted
    if not apart.any():
        return ""
    place = tuple(int(i) for i in np.argwhere(apart)[0])
    w, g = _shown(wanted[place]), _shown(got[place])
    if w == g:
        w, g = f"{wanted[place]:.10g}", f"{got[place]:.10g}"
    if not place:
        return _instead(w, g)
    return say("first difference at {place}, wanted {wanted}, got {got}.", place=list(place), wanted=w, got=g)


def _shown(number: np.generic) -> str:
    return f"{number:.4f}" if number.dtype.kind == "f" else str(number)


def _texts_unlike(wanted: str, got: str) -> str:
    if wanted == got:
        return ""
    if max(len(wanted), len(got)) <= 60:
        return _instead(repr(wanted), repr(got))
    shorter = min(len(wanted), len(got))
    at = next((i for i in range(shorter) if wanted[i] != got[i]), shorter)
    return say(
        "first difference at character {at}, wanted {wanted}, got {got}.",
        at=at,
        wanted=repr(wanted[at : at + 30]),
        got=repr(got[at : at + 30]),
    )
