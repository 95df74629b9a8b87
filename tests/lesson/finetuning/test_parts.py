"""A plan's names mean what they say on every kind of model, or are refused in one sentence."""

import re

import pytest
from finetuning_samples import CONFIGS, sample

from lesson import tree
from lesson.finetuning.parts import levels, part_names, part_paths

PARTS = {
    "classifier": ["embeddings", "encoder", "head"],
    "lexicon": ["embeddings", "encoder", "lexicon", "head"],
    "language_model": ["embeddings", "decoder", "head"],
    "tied": ["embeddings", "decoder"],
    "seq2seq": ["embeddings", "encoder", "decoder", "head"],
    "shared": ["embeddings", "encoder", "decoder"],
}


@pytest.mark.parametrize("name", CONFIGS)
def test_every_parameter_is_in_exactly_one_part(name):
    params, _, _ = sample(name)
    assert part_names(params) == PARTS[name]
    paths = [path for part in PARTS[name] for path in part_paths(params, part)]
    assert sorted(paths) == sorted(tree.flatten(params))
    assert part_paths(params, "+".join(reversed(PARTS[name]))) == list(tree.flatten(params))


@pytest.mark.parametrize(
    ("plan", "beginnings"),
    [
        ("encoder[:1]", ["encoder/0/"]),
        ("encoder[1]", ["encoder/1/"]),
        ("encoder[:]", ["encoder/0/", "encoder/1/"]),
        ("encoder", ["encoder/0/", "encoder/1/", "encoder/norm/"]),
        ("decoder[1:2]", ["decoder/1/"]),
        ("decoder[1:] + encoder[:1]", ["encoder/0/", "decoder/1/"]),
        ("embeddings+encoder[:2]", ["encoder/embedding/", "encoder/0/", "encoder/1/", "decoder/embedding/"]),
        ("head+encoder[0]+encoder[:1]", ["encoder/0/", "decoder/output/"]),
    ],
)
def test_a_plan_means_these_parameters(plan, beginnings):
    params, _, _ = sample("seq2seq")
    wanted = [path for path in tree.flatten(params) if path.startswith(tuple(beginnings))]
    assert part_paths(params, plan) == wanted
    assert all(any(path.startswith(each) for path in wanted) for each in beginnings)


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("encodr[:2]", "wanted a part of this model, one of embeddings, encoder, decoder, head, got 'encodr[:2]'"),
        ("lexicon", "one of embeddings, encoder, decoder, head, got 'lexicon'"),
        ("encoder[:3]", "encoder has the layers 0 to 1: wanted some of them, such as encoder[:2], got encoder[:3]"),
        ("encoder[2]", "got encoder[2]"),
        ("encoder[1:1]", "got encoder[1:1]"),
        ("encoder[]", "got encoder[]"),
        ("encoder[-1:]", "got encoder[-1:]"),
        ("encoder[::1]", "got encoder[::1]"),
        ("encoder[:1", "got 'encoder[:1'"),
        ("encoder[0][1]", "got 'encoder[0][1]'"),
        ("embeddings[:1]", "wanted layers of encoder or decoder only, got 'embeddings[:1]'"),
        ("embeddings++encoder", "got an empty one in 'embeddings++encoder'"),
        ("embeddings+", "got an empty one in 'embeddings+'"),
        ("", "got an empty one in ''"),
        (None, "wanted parts as text, such as 'embeddings+encoder[:2]', got None"),
    ],
)
def test_other_plans_are_refused_in_one_sentence(plan, message):
    params, _, _ = sample("seq2seq")
    with pytest.raises(ValueError, match=re.escape(message)) as error:
        part_paths(params, plan)
    assert "\n" not in str(error.value)


def test_a_decoder_stands_on_the_encoder():
    params, _, _ = sample("seq2seq")
    found = levels(params)
    steps = {
        0: ("encoder/embedding/token/weight", "decoder/embedding/position/weight"),
        1: ("encoder/0/attention/query/weight",),
        2: ("encoder/1/feed_forward/hidden/bias", "encoder/norm/weight"),
        3: ("decoder/0/cross_attention/value/bias",),
        4: ("decoder/1/attention_norm/weight", "decoder/norm/bias"),
        5: ("decoder/output/weight",),
    }
    assert all(found[path] == level for level, paths in steps.items() for path in paths)
    assert found.keys() == tree.flatten(params).keys()


def test_a_model_of_one_stack_has_no_gap_where_the_other_would_be():
    for name, top in (("classifier", 3), ("lexicon", 3), ("language_model", 3), ("tied", 2), ("shared", 4)):
        assert sorted(set(levels(sample(name)[0]).values())) == list(range(top + 1))


def test_layer_ten_is_not_layer_one():
    params = {"encoder": {str(layer): {"weight": layer} for layer in range(12)}}
    assert part_paths(params, "encoder[1]") == ["encoder/1/weight"]
    assert part_paths(params, "encoder[9:11]") == ["encoder/9/weight", "encoder/10/weight"]
    assert levels(params)["encoder/10/weight"] == 11
