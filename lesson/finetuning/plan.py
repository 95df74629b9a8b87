"""From a playbook, a dictionary in words, to phases whose every number was checked."""

import math
import re
import sys
from numbers import Real
from typing import NamedTuple

_PLAYBOOK = ("model", "epochs", "weight_decay", "discriminative_lrs", "evaluation_strategy")
_PLAYBOOK += ("gradient_accumulation_steps", "patience")
_PHASE = ("phase", "frozen_layers", "adapter", "learning_rate", "layer_decay", "epochs")
_ADAPTER = re.compile(r"LoRA rank=(?P<rank>\d+)(?: alpha=(?P<alpha>\d+(?:\.\d+)?))?(?: on (?P<names>[^ ]+))?")


class AdapterPlan(NamedTuple):
    """A low-rank adapter: W = W_0 + scale A B, for the projections of these names."""

    rank: int
    scale: float
    names: tuple[str, ...]


class Phase(NamedTuple):
    """What stands still, or what is adapted while all else stands still; how fast the rest moves, and how long.

    layer_decay: the factor on the rate for each level below the top (Howard and Ruder 2018, section 3.2, take 1 / 2.6)
    """

    number: int
    frozen: str | None
    adapter: AdapterPlan | None
    rate: float
    layer_decay: float
    epochs: int


class Plan(NamedTuple):
    """A playbook, read: patience is the number of epochs without a better score after which a phase ends, or None."""

    phases: tuple[Phase, ...]
    weight_decay: float
    accumulation: int
    patience: int | None


def read_playbook(playbook: dict) -> Plan:
    """Read a playbook such as `fine_tuning_playbook()` writes; only "discriminative_lrs" must be there.

    Beside its keys a playbook may have "patience", and a phase "layer_decay" (1.0) and "epochs" of its own. A phase
    without "frozen_layers" and "adapter" moves everything. An adapter is "LoRA rank=4", and may go on with " alpha=8"
    (the scale is alpha / rank, 1 without it) and " on query+value" (which it is without it).
    Raises ValueError, in one sentence, for anything else.
    """
    _require_keys("playbook", playbook, _PLAYBOOK, ("discriminative_lrs",))
    phases = playbook["discriminative_lrs"]
    if not isinstance(phases, list | tuple) or not phases:
        raise ValueError(f"discriminative_lrs: wanted a list of phases, at least one, got {phases!r}")
    if not isinstance(playbook.get("model", ""), str):
        raise ValueError(f"model: wanted the name of a model, got {playbook['model']!r}")
    if playbook.get("evaluation_strategy", "epoch") != "epoch":
        raise ValueError(f"evaluation_strategy: wanted 'epoch', got {playbook['evaluation_strategy']!r}")
    epochs = _whole("epochs", playbook.get("epochs", 3))
    patience = playbook.get("patience")
    return Plan(
        tuple(_read_phase(phase, number, epochs) for number, phase in enumerate(phases, start=1)),
        _number("weight_decay", playbook.get("weight_decay", 0.01), at_least=0),
        _whole("gradient_accumulation_steps", playbook.get("gradient_accumulation_steps", 1)),
        None if patience is None else _whole("patience", patience),
    )


def _read_phase(phase: dict, number: int, epochs: int) -> Phase:
    _require_keys(f"phase {number}", phase, _PHASE, ("phase", "learning_rate"))
    if type(phase["phase"]) is not int or phase["phase"] != number:
        raise ValueError(f"wanted phases in order, 1, 2, ..., got phase {phase['phase']!r} where {number} should stand")
    frozen, adapter = phase.get("frozen_layers"), phase.get("adapter")
    if frozen is not None and adapter is not None:
        raise ValueError(f"phase {number}: wanted frozen_layers or an adapter, got both")
    return Phase(
        number,
        frozen,
        None if adapter is None else _read_adapter(number, adapter),
        _number(f"phase {number}: learning_rate", phase["learning_rate"], above=0),
        _number(f"phase {number}: layer_decay", phase.get("layer_decay", 1.0), above=0, at_most=1),
        _whole(f"phase {number}: epochs", phase.get("epochs", epochs)),
    )


def _read_adapter(number: int, text: str) -> AdapterPlan:
    found = _ADAPTER.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"phase {number}: wanted an adapter such as 'LoRA rank=4 on query+value', got {text!r}")
    rank = _whole(f"phase {number}: rank", int(found["rank"]))
    alpha = _number(f"phase {number}: alpha", float(found["alpha"] or rank), above=0)
    return AdapterPlan(rank, alpha / rank, tuple((found["names"] or "query+value").split("+")))


def _require_keys(what: str, given: dict, allowed: tuple[str, ...], needed: tuple[str, ...]) -> None:
    if not isinstance(given, dict):
        raise ValueError(f"{what}: wanted a dictionary, got {given!r}")
    for key in given:
        if key not in allowed:
            raise ValueError(f"{what}: wanted keys among {', '.join(allowed)}, got {key!r}")
    for key in needed:
        if key not in given:
            raise ValueError(f"{what}: wanted the key {key!r}, got {', '.join(map(str, given)) or 'none'}")


def _number(name: str, value: float, above: float = -math.inf, at_least: float = -math.inf, at_most=math.inf) -> float:
    bounds = {"above": above, "of at least": at_least, "of at most": at_most}
    wanted = " and ".join(f"{words} {bound:g}" for words, bound in bounds.items() if math.isfinite(bound))
    # As large a float as there is: a whole number may be larger still, and then has no float.
    is_number = isinstance(value, Real) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
    if not is_number or value <= above or not at_least <= value <= at_most:
        raise ValueError(f"{name}: wanted a finite number {wanted}, got {value!r}")
    return float(value)


def _whole(name: str, value: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{name}: wanted a whole number of at least 1, got {value!r}")
    return value
