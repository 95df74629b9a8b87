"""Each method freezes, slows or adapts what its paper says, within the epochs it is given."""

import numpy as np
import pytest
from finetuning_samples import CONFIGS, sample

from lesson import tree
from lesson.finetuning import methods
from lesson.finetuning.measures import forgetting, weights_changed, weights_touched
from lesson.finetuning.run import FineTuning

EPOCHS = 7


def playbooks(params):
    return {
        "full": methods.full(0.01, EPOCHS),
        "embeddings": methods.embeddings_only(params, 0.01, EPOCHS),
        "gradual": methods.gradual_unfreezing(params, 0.01, EPOCHS),
        "discriminative": methods.discriminative_rates(0.01, EPOCHS),
        "lora": methods.lora(2, 0.01, EPOCHS),
    }


@pytest.mark.parametrize("name", CONFIGS)
def test_every_method_runs_on_every_model_within_its_epochs(name):
    params, config, examples = sample(name)
    for playbook in playbooks(params).values():
        run = FineTuning(playbook, params, config, examples, examples)
        assert sum(phase.epochs for phase in run.plan.phases) == EPOCHS
        assert len(list(run.steps())) == EPOCHS


def test_head_only_moves_the_head_alone():
    for name in ("classifier", "lexicon", "language_model", "seq2seq"):
        params, config, examples = sample(name)
        run = FineTuning(methods.head_only(params, 0.1, 1), params, config, examples, examples)
        after = run.latest(run.train())
        moved = {path for path, leaf in tree.flatten(after).items() if leaf is not tree.flatten(params)[path]}
        assert moved == {path for path in tree.flatten(params) if path.startswith(("output/", "decoder/output/"))}
        assert weights_touched(run) == sum(tree.flatten(params)[path].size for path in moved)
    with pytest.raises(ValueError, match="wanted a model with a head, got one of embeddings, decoder"):
        methods.head_only(sample("tied")[0], 0.1, 1)


def test_embeddings_only_moves_the_tables_alone():
    for name in ("classifier", "tied", "seq2seq"):
        params, config, examples = sample(name)
        run = FineTuning(methods.embeddings_only(params, 0.1, 1), params, config, examples, examples)
        after = tree.flatten(run.latest(run.train()))
        moved = {path for path, leaf in after.items() if leaf is not tree.flatten(params)[path]}
        assert moved == {path for path in after if "embedding" in path.split("/")}


def test_layers_thaw_from_the_top():
    def thaw(name):
        phases = methods.gradual_unfreezing(sample(name)[0], 0.1, EPOCHS)["discriminative_lrs"]
        return [phase["frozen_layers"] for phase in phases], [phase["epochs"] for phase in phases]

    assert thaw("classifier") == (["embeddings+encoder", "embeddings+encoder[:1]", "embeddings", None], [1, 2, 2, 2])
    assert thaw("tied") == (["embeddings+decoder[:1]", "embeddings", None], [2, 2, 3])
    assert thaw("seq2seq")[0] == [
        "embeddings+encoder+decoder",
        "embeddings+encoder+decoder[:1]",
        "embeddings+encoder",
        "embeddings+encoder[:1]",
        "embeddings",
        None,
    ]
    with pytest.raises(ValueError, match="wanted at least 6 epochs, one for each phase, got 5"):
        methods.gradual_unfreezing(sample("seq2seq")[0], 0.1, 5)


def test_rates_fall_by_the_level():
    phase = methods.discriminative_rates(0.1, 1)["discriminative_lrs"][0]
    assert phase["layer_decay"] == pytest.approx(1 / 2.6) and "frozen_layers" not in phase


def test_what_is_touched_is_counted_once():
    params, config, examples = sample("seq2seq")

    def touched(playbook):
        return weights_touched(FineTuning(playbook, params, config, examples, examples))

    assert touched(methods.full(0.1, 1)) == touched(methods.gradual_unfreezing(params, 0.1, 6)) == tree.count(params)
    # Two factors of 6 x 2 beside the queries of 2 + 4 attentions.
    assert touched(methods.lora(2, 0.1, 1, "query")) == 6 * 2 * 12
    two = methods.lora(2, 0.1, 1, "query")
    two["discriminative_lrs"].append({"phase": 2, "adapter": "LoRA rank=1 on query", "learning_rate": 0.1})
    assert touched(two) == 6 * 3 * 12


def test_what_changed_and_what_was_forgotten():
    before = {"a": np.arange(4.0), "b": np.zeros(3)}
    after = {"a": np.array([0.0, 1.0, 2.5, 4.0]), "b": np.zeros(3)}
    assert weights_changed(before, after) == (2, 7)
    assert forgetting(lambda params: params["a"][3], before, after) == -1.0
