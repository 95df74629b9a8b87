"""The exported script speaks names that transformers and peft know, and runs where they are installed."""

import ast
import json
import os
import re
import subprocess
import sys
from math import prod
from pathlib import Path

import pytest

from lesson import fine_tuning_playbook
from lesson.finetuning import methods
from lesson.finetuning.distilbert_names import distilbert_skeleton
from lesson.finetuning.hugging_face import frozen_prefixes, hugging_face_script, target_modules

KNOWN = json.loads(Path(__file__).with_name("hugging_face_names.json").read_text(encoding="utf-8"))
SKELETON = distilbert_skeleton(2)
PLAYBOOK = fine_tuning_playbook(lr=1e-3, epochs=1)
PLAYBOOK["discriminative_lrs"][0]["frozen_layers"] = "embeddings+encoder[:1]"
PLAYBOOK["discriminative_lrs"][2]["adapter"] = "LoRA rank=2 on query+feed_forward/hidden"
# The Python to try the script with, where it is not this one.
PYTHON = os.environ.get("HUGGING_FACE_PYTHON", sys.executable)


def parsed(playbook=PLAYBOOK, **settings):
    return ast.parse(hugging_face_script(playbook, num_layers=2, **settings))


def constants(script):
    return {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in script.body
        if isinstance(node, ast.Assign) and node.targets[0].id.isupper()
    }


def test_every_keyword_is_one_that_the_library_has():
    calls = [node for node in ast.walk(parsed()) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    used = {call.func.id: {word.arg for word in call.keywords} for call in calls if call.func.id in KNOWN["keywords"]}
    assert used.keys() == KNOWN["keywords"].keys()
    for name, words in used.items():
        assert words and words <= set(KNOWN["keywords"][name]), name


def test_every_import_is_there():
    imports = [node for node in parsed().body if isinstance(node, ast.ImportFrom)]
    assert {node.module: sorted(alias.name for alias in node.names) for node in imports} == {
        module: sorted(names) for module, names in KNOWN["imports"].items()
    }


def test_the_script_says_the_plan():
    said = constants(parsed(PLAYBOOK | {"patience": 3}, batch=5, seed=8))
    assert (said["BATCH"], said["SEED"], said["ACCUMULATION"], said["PATIENCE"]) == (5, 8, 2, 3)
    assert (said["MODEL"], said["WEIGHT_DECAY"], said["NUM_LAYERS"]) == ("distilbert-base-uncased", 0.01, 2)
    assert [phase["rate"] for phase in said["PHASES"]] == pytest.approx([1e-4, 1e-3, 1.5e-3])
    assert [phase["epochs"] for phase in said["PHASES"]] == [1, 1, 1]
    assert said["PHASES"][2]["adapter"] == {"r": 2, "lora_alpha": 2.0, "target_modules": ["q_lin", "lin1"]}
    slow = constants(parsed(methods.discriminative_rates(0.1, 4, 0.5)))["PHASES"][0]
    assert (slow["frozen"], slow["layer_decay"], slow["epochs"]) == ((), 0.5, 4)


def test_frozen_parts_are_the_models_own():
    layer = "distilbert.transformer.layer."
    assert frozen_prefixes(SKELETON, "embeddings+encoder[1:]") == ("distilbert.embeddings.", f"{layer}1.")
    assert frozen_prefixes(SKELETON, "head") == ("pre_classifier.", "classifier.")
    everything = frozen_prefixes(SKELETON, "embeddings+encoder+head")
    for name in KNOWN["parameters"]:
        assert sum(name.startswith(prefix) for prefix in everything) == 1
    assert all(any(name.startswith(prefix) for name in KNOWN["parameters"]) for prefix in everything)


def test_adapters_stand_beside_modules_that_are_there():
    every = target_modules(SKELETON, ("attention", "feed_forward"))
    assert every == ["q_lin", "k_lin", "v_lin", "out_lin", "lin1", "lin2"]
    some = target_modules(SKELETON, ("1/attention/query", "key"))
    assert some == ["k_lin", "distilbert.transformer.layer.1.attention.q_lin"]
    for name in (*every, *some):
        assert any(module == name or module.endswith(f".{name}") for module in KNOWN["modules"])
    with pytest.raises(ValueError, match="wanted projections within the layers of an encoder, got 'output/weight'"):
        target_modules(SKELETON, ("output",))


def test_the_scripts_levels_are_those_of_the_plan():
    script = parsed()
    level = next(node for node in script.body if isinstance(node, ast.FunctionDef) and node.name == "level")
    space = {"NUM_LAYERS": 2}
    exec(compile(ast.Module([level], []), "script", "exec"), space)
    for name in KNOWN["parameters"]:
        wanted = 0 if "embeddings" in name else 3 if "classifier" in name else 1 + int(name.split(".")[3])
        assert space["level"](name) == wanted
    assert space["level"]("base_model.model.distilbert.transformer.layer.0.attention.q_lin.lora_A.default.weight") == 1


@pytest.mark.parametrize(
    ("phase", "message"),
    [
        ({"frozen_layers": "encoder[:3]"}, r"got encoder\[:3\]"),
        ({"frozen_layers": "embeddings+encoder+head"}, "wanted something left to train"),
        ({"adapter": "LoRA rank=0"}, "rank: wanted a whole number"),
        ({"adapter": "LoRA rank=1 on norm"}, "wanted the name of a projection"),
        ({"learning_rate": -1}, "learning_rate: wanted a finite number above 0"),
    ],
)
def test_plans_that_cannot_run_are_not_exported(phase, message):
    with pytest.raises(ValueError, match=message):
        hugging_face_script({"discriminative_lrs": [{"phase": 1, "learning_rate": 0.1} | phase]}, num_layers=2)


TINY = """if True:
    import sys
    from transformers import DistilBertConfig, DistilBertForSequenceClassification, DistilBertTokenizerFast
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    config = DistilBertConfig(
        vocab_size=5, dim=4, n_layers=2, n_heads=2, hidden_dim=6, max_position_embeddings=8, pad_token_id=0
    )
    DistilBertForSequenceClassification(config).save_pretrained(sys.argv[1])
    DistilBertTokenizerFast(vocab={word: n for n, word in enumerate(words)}).save_pretrained(sys.argv[1])
"""
HAVE = "from importlib.util import find_spec as f; print(all(map(f, ('torch', 'transformers', 'peft', 'accelerate'))))"


@pytest.mark.native
def test_the_script_runs(tmp_path):
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}

    def python(*arguments):
        return subprocess.run(
            [PYTHON, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
        )

    if python("-c", HAVE).stdout.strip() != "True":
        pytest.skip(
            "torch, transformers, peft or accelerate not installed: set HUGGING_FACE_PYTHON to a Python with them"
        )
    assert python("-c", TINY, "tiny").returncode == 0
    (tmp_path / "script.py").write_text(hugging_face_script(PLAYBOOK, num_layers=2, batch=2), encoding="utf-8")
    (tmp_path / "texts.tsv").write_text("1\ta good film\n0\ta bad one\n" * 3, encoding="utf-8")
    done = python("script.py", "texts.tsv", "texts.tsv", "--model", "tiny", "--output", "out")
    assert done.returncode == 0, done.stderr
    counts = [(int(one), int(all_)) for one, all_ in re.findall(r"trains (\d+) of (\d+)", done.stdout.replace(",", ""))]
    sizes = {name: prod(shape) for name, shape in KNOWN["parameters"].items()}
    # The model whose names were frozen has 3 positions, this one 8.
    sizes["distilbert.embeddings.position_embeddings.weight"] = 8 * 4

    def without(*parts):
        return sum(size for name, size in sizes.items() if not any(part in name for part in parts))

    # In each of two layers, rank 2 beside a query of 4 x 4 and a hidden map of 4 x 6.
    adapter = 2 * (2 * (4 + 4) + 2 * (4 + 6))
    first, second = without(".embeddings.", ".layer.0."), without(".layer.0.")
    assert counts == [(first, without()), (second, without()), (adapter, without() + adapter)]
    assert (tmp_path / "out" / "config.json").exists()
