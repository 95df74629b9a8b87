"""The same plan in the ecosystem's language: a script for transformers and peft, to run where these are installed."""

from lesson import tree
from lesson.finetuning.distilbert_names import PREFIX, distilbert_module, distilbert_skeleton
from lesson.finetuning.hugging_face_body import BODY
from lesson.finetuning.lora import projections
from lesson.finetuning.parts import part_paths
from lesson.finetuning.plan import Phase, read_playbook

_HEAD = ("pre_classifier.", "classifier.")


def hugging_face_script(playbook: dict, num_layers: int = 6, batch: int = 16, seed: int = 0) -> str:
    """Write a playbook as a Python script that fine-tunes a DistilBERT classifier in the same phases.

    num_layers: those of the model; `distilbert-base-uncased` has 6
    The script says how to run it. Raises ValueError for a playbook that cannot be run, as `FineTuning` does.
    """
    plan = read_playbook(playbook)
    skeleton = distilbert_skeleton(num_layers)
    model = playbook.get("model", "distilbert-base-uncased")
    constants = {
        "MODEL": model,
        "NUM_LAYERS": num_layers,
        "BATCH": batch,
        "ACCUMULATION": plan.accumulation,
        "WEIGHT_DECAY": plan.weight_decay,
        "PATIENCE": plan.patience,
        "SEED": seed,
    }
    lines = [f"{name} = {value!r}" for name, value in constants.items()]
    phases = ",\n".join(f"    {_phase(phase, skeleton, num_layers)!r}" for phase in plan.phases)
    return BODY.replace("CONSTANTS", "\n".join([*lines, f"PHASES = [\n{phases},\n]"]), 1)


def _phase(phase: Phase, skeleton: dict, num_layers: int) -> dict:
    frozen = () if phase.frozen is None else frozen_prefixes(skeleton, phase.frozen)
    if len(frozen) == num_layers + 1 + len(_HEAD):
        raise ValueError(f"phase {phase.number}: wanted something left to train, got all frozen by {phase.frozen!r}")
    adapter = None
    if phase.adapter is not None:
        rank, scale, names = phase.adapter
        adapter = {"r": rank, "lora_alpha": rank * scale, "target_modules": target_modules(skeleton, names)}
    return {
        "frozen": frozen,
        "adapter": adapter,
        "rate": phase.rate,
        "layer_decay": phase.layer_decay,
        "epochs": phase.epochs,
    }


def frozen_prefixes(skeleton: dict, plan: str) -> tuple[str, ...]:
    """Translate a plan such as "embeddings+encoder[:1]" to what DistilBERT's names of these parameters begin with."""
    prefixes: dict[str, None] = {}
    for path in part_paths(skeleton, plan):
        first, second, *_ = path.split(tree.SEPARATOR)
        if first != "encoder":
            prefixes |= dict.fromkeys(_HEAD)
        else:
            place = f"transformer.layer.{second}" if second.isdigit() else "embeddings"
            prefixes[f"{PREFIX}{place}."] = None
    return tuple(prefixes)


def target_modules(skeleton: dict, names: tuple[str, ...]) -> list[str]:
    """Translate the names of projections to modules of DistilBERT; those meant in every layer by their last part.

    >>> target_modules(distilbert_skeleton(6), ("query", "value"))
    ['q_lin', 'v_lin']
    """
    layers = [key for key in skeleton["encoder"] if key.isdigit()]
    by_end: dict[str, list[str]] = {}
    for path in projections(skeleton, names):
        start, *module, _ = path.split(tree.SEPARATOR)
        if start != "encoder" or not module[0].isdigit():
            raise ValueError(f"wanted projections within the layers of an encoder, got {path!r}")
        found = distilbert_module(tree.SEPARATOR.join(module))
        by_end.setdefault(found.rpartition(".")[2], []).append(found)
    return [name for end, found in by_end.items() for name in ([end] if len(found) == len(layers) else found)]
