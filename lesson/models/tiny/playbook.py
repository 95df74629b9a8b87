"""A fine-tuning plan in words: what to freeze, and how fast to move the rest."""

import math
from numbers import Real

from lesson.models.tiny.config import require_whole


def fine_tuning_playbook(
    base_model: str = "distilbert-base-uncased", lr: float = 2e-5, weight_decay: float = 0.01, epochs: int = 3
) -> dict:
    """Write down three phases of fine-tuning, from almost everything frozen to a low-rank adapter.

    The rates follow Howard and Ruder 2018, sections 3.2 and 3.3 (slower for what is lower, thawed step by step);
    the adapter is Hu et al. 2021. Nothing is trained here; `lesson.finetuning.FineTuning` runs such a plan.
    Raises ValueError when base_model is no name, lr is not positive, weight_decay is negative or epochs below 1.

    >>> [phase["learning_rate"] for phase in fine_tuning_playbook(lr=1e-3)["discriminative_lrs"]]
    [0.0001, 0.001, 0.0015]
    """
    if not isinstance(base_model, str) or not base_model.strip():
        raise ValueError(f"base_model: wanted the name of a model, got {base_model!r}")
    _require_rate("lr", lr, positive=True)
    _require_rate("weight_decay", weight_decay, positive=False)
    require_whole("epochs", epochs, at_least=1)
    return {
        "model": base_model,
        "epochs": epochs,
        "weight_decay": weight_decay,
        "discriminative_lrs": [
            {"phase": 1, "frozen_layers": "embeddings+encoder[:2]", "learning_rate": lr / 10},
            {"phase": 2, "frozen_layers": "encoder[:1]", "learning_rate": lr},
            {"phase": 3, "adapter": "LoRA rank=4", "learning_rate": 1.5 * lr},
        ],
        "evaluation_strategy": "epoch",
        "gradient_accumulation_steps": 2,
    }


def _require_rate(name: str, value: float, positive: bool) -> None:
    wanted = f"{name}: wanted a finite number {'above' if positive else 'of at least'} 0, got {value!r}"
    if not isinstance(value, Real) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError(wanted)
    if value < 0 or (positive and value == 0):
        raise ValueError(wanted)
