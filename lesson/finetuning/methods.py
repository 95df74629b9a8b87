"""Ways to fine-tune, each written down as a playbook: what differs between them is then there to read.

`epochs` is all a method may use, over its phases; so methods can be compared.
"""

from lesson.finetuning.parts import part_names


def full(rate: float, epochs: int) -> dict:
    """Move everything at one rate."""
    return _playbook([{"learning_rate": rate, "epochs": epochs}])


def head_only(params: dict, rate: float, epochs: int) -> dict:
    """Move only what turns hidden states into scores; raises ValueError for a model without a head of its own."""
    names = part_names(params)
    if "head" not in names:
        raise ValueError(f"wanted a model with a head, got one of {', '.join(names)}")
    return _playbook([{"frozen_layers": "+".join(names[:-1]), "learning_rate": rate, "epochs": epochs}])


def embeddings_only(params: dict, rate: float, epochs: int) -> dict:
    """Move only the tables of tokens and places: for new words, where what is done with words stays right."""
    frozen = "+".join(name for name in part_names(params) if name != "embeddings")
    return _playbook([{"frozen_layers": frozen, "learning_rate": rate, "epochs": epochs}])


def gradual_unfreezing(params: dict, rate: float, epochs: int) -> dict:
    """Begin with the head, and let one layer more move in each phase, from the top; at last the embeddings too.

    Howard and Ruder 2018, section 3.3. Raises ValueError for fewer epochs than phases.
    """
    stages = _frozen_stages(params)
    if epochs < len(stages):
        raise ValueError(f"wanted at least {len(stages)} epochs, one for each phase, got {epochs}")
    share, more = divmod(epochs, len(stages))
    # What cannot be shared out evenly goes to the last phases, which have most to move.
    lengths = [share + (number >= len(stages) - more) for number in range(len(stages))]
    return _playbook(
        [{"frozen_layers": plan, "learning_rate": rate, "epochs": n} for plan, n in zip(stages, lengths, strict=True)]
    )


def discriminative_rates(rate: float, epochs: int, layer_decay: float = 1 / 2.6) -> dict:
    """Move everything, each level slower than the one above it (Howard and Ruder 2018, section 3.2)."""
    return _playbook([{"learning_rate": rate, "layer_decay": layer_decay, "epochs": epochs}])


def lora(rank: int, rate: float, epochs: int, names: str = "query+value") -> dict:
    """Move an adapter beside weights that stand still (Hu et al. 2021)."""
    return _playbook([{"adapter": f"LoRA rank={rank} on {names}", "learning_rate": rate, "epochs": epochs}])


def _playbook(phases: list[dict]) -> dict:
    numbered = [{"phase": number} | phase for number, phase in enumerate(phases, start=1)]
    return {"discriminative_lrs": numbered, "weight_decay": 0.01, "evaluation_strategy": "epoch"}


def _frozen_stages(params: dict) -> list[str | None]:
    """List what is frozen from phase to phase: all but the head (or the top layer, without one), ..., nothing."""
    stages, below = [], [name for name in part_names(params) if name == "embeddings"]
    for stack in (name for name in part_names(params) if name in ("encoder", "decoder")):
        for layer in range(sum(key.isdigit() for key in params[stack])):
            stages.append("+".join([*below, *([f"{stack}[:{layer}]"] if layer else [])]))
        below.append(stack)
    if "head" in part_names(params):
        stages.append("+".join(below))
    return [*(plan for plan in reversed(stages) if plan), None]
