"""The names a plan gives to parts of a model, as in "embeddings+encoder[:2]", and the parameters they mean.

    plan  = part { "+" part }
    part  = "embeddings" | "lexicon" | "head" | stack [ "[" layers "]" ]
    stack = "encoder" | "decoder"
    layers = number | [ number ] ":" [ number ]

A stack without layers means all of them and the norm above; tables of tokens and places are embeddings, wherever they
stand; the head is what turns the last hidden states into scores.
"""

import re

from lesson import tree

_STACKS = ("encoder", "decoder")
_PART = re.compile(r"(?P<name>\w+)(?:\[(?P<layers>[^\[\]]*)\])?")
_LAYERS = re.compile(r"(?P<one>\d+)|(?P<first>\d*):(?P<end>\d*)")


def part_names(params: dict) -> list[str]:
    """List the parts this model has, from the bottom to the top.

    >>> part_names({"encoder": {"embedding": {"token": 1}, "0": {"weight": 2}}, "output": {"weight": 3}})
    ['embeddings', 'encoder', 'head']
    """
    found = {_part_of(path) for path in tree.flatten(params)}
    return [name for name in ("embeddings", *_STACKS, "lexicon", "head") if name in found]


def part_paths(params: dict, plan: str) -> list[str]:
    """List the paths of the parameters that a plan such as "embeddings+encoder[:2]" means, in the model's order.

    Raises ValueError, saying which parts or layers there are, for an unknown name, layers that are not there, or an
    empty part.
    """
    if not isinstance(plan, str):
        raise ValueError(f"wanted parts as text, such as 'embeddings+encoder[:2]', got {plan!r}")
    meant = set()
    for part in plan.replace(" ", "").split("+"):
        if not part:
            raise ValueError(
                f"wanted parts joined by '+', such as 'embeddings+encoder[:2]', got an empty one in {plan!r}"
            )
        meant |= set(_paths_of(params, part))
    return [path for path in tree.flatten(params) if path in meant]


def levels(params: dict) -> dict[str, int]:
    """Say of every parameter how high it stands: 0 the embeddings, then the layers one by one, on top the head.

    A decoder stands above the encoder it reads; a stack's norm is level with its last layer, a lexicon with the head.
    """
    below = {"encoder": 0, "decoder": _count_layers(params, "encoder")}
    top = below["decoder"] + _count_layers(params, "decoder") + 1

    def level(path):
        name, layer = _part_of(path), path.split(tree.SEPARATOR)[1]
        if name not in _STACKS:
            return 0 if name == "embeddings" else top
        return below[name] + (int(layer) + 1 if layer.isdigit() else _count_layers(params, name))

    return {path: level(path) for path in tree.flatten(params)}


def _part_of(path: str) -> str:
    first, *rest = path.split(tree.SEPARATOR)
    if "embedding" in (first, *rest[:1]):
        return "embeddings"
    return "head" if "output" in (first, *rest[:1]) else first


def _paths_of(params: dict, part: str) -> list[str]:
    found = _PART.fullmatch(part)
    names = part_names(params)
    if found is None or found["name"] not in names:
        raise ValueError(f"wanted a part of this model, one of {', '.join(names)}, got {part!r}")
    name, layers = found["name"], found["layers"]
    paths = [path for path in tree.flatten(params) if _part_of(path) == name]
    if layers is None:
        return paths
    if name not in _STACKS:
        raise ValueError(f"wanted layers of {' or '.join(_STACKS)} only, got {part!r}")
    chosen = {f"{name}{tree.SEPARATOR}{layer}{tree.SEPARATOR}" for layer in _read_layers(params, name, layers)}
    return [path for path in paths if path.startswith(tuple(chosen))]


def _read_layers(params: dict, name: str, layers: str) -> range:
    count = _count_layers(params, name)
    found = _LAYERS.fullmatch(layers)
    if found is not None:
        first = int(found["one"] or found["first"] or 0)
        end = first + 1 if found["one"] else int(found["end"] or count)
        if first < end <= count:
            return range(first, end)
    some = f"{name} has the layers 0 to {count - 1}: wanted some of them, such as {name}[:{count}]"
    raise ValueError(f"{some}, got {name}[{layers}]")


def _count_layers(params: dict, name: str) -> int:
    return sum(key.isdigit() for key in params.get(name, {}))
