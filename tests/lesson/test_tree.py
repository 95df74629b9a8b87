import string

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lesson import tree

KEYS = st.text(string.ascii_lowercase + string.digits + "_", min_size=1, max_size=3)
LEAVES = st.integers(0, 9).map(np.asarray)
# An empty branch has no leaf and so no path: only trees whose branches all end in leaves can make the round trip.
TREES = st.dictionaries(
    KEYS, st.recursive(LEAVES, lambda inner: st.dictionaries(KEYS, inner, min_size=1, max_size=3)), max_size=3
)


@settings(deadline=None, max_examples=50)
@given(TREES)
def test_flattening_makes_the_round_trip_in_order(params):
    flat = tree.flatten(params)
    rebuilt = tree.unflatten(flat)
    assert rebuilt == params
    assert list(tree.flatten(rebuilt)) == list(flat)


@settings(deadline=None, max_examples=50)
@given(TREES)
def test_map_agrees_with_mapping_the_flat_tree(params):
    doubled = tree.map(lambda leaf: 2 * leaf, params)
    assert tree.flatten(doubled) == {path: 2 * leaf for path, leaf in tree.flatten(params).items()}


@settings(deadline=None, max_examples=50)
@given(TREES)
def test_map_with_path_gives_the_paths_that_flatten_gives(params):
    paths = tree.map_with_path(lambda path, _: path, params)
    assert tree.flatten(paths) == {path: path for path in tree.flatten(params)}


def test_map_joins_leaves_by_key_not_by_order():
    first, second = {"a": 1, "b": {"c": 2}}, {"b": {"c": 20}, "a": 10}
    assert tree.map(lambda x, y: x + y, first, second) == {"a": 11, "b": {"c": 22}}


@pytest.mark.parametrize("other", [{"a": {"b": 1, "c": 1}}, {"a": {}}, {"a": {"c": 1}}])
def test_map_names_the_path_that_only_one_tree_has(other):
    with pytest.raises(ValueError, match=r"'a/[bc]'"):
        tree.map(lambda x, y: x, {"a": {"b": 1}}, other)


@pytest.mark.parametrize("trees", [({"a": 1}, {"a": {"b": 1}}), ({"a": {"b": 1}}, {"a": 1})])
def test_map_refuses_a_leaf_where_the_other_has_a_branch(trees):
    with pytest.raises(ValueError, match="'a' is a branch in one and a leaf in another"):
        tree.map(lambda x, y: x, *trees)


@pytest.mark.parametrize("key", ["", "a/b", 0])
def test_flatten_refuses_keys_that_make_no_path(key):
    with pytest.raises(ValueError, match="key"):
        tree.flatten({"branch": {key: 1}})


def test_flatten_refuses_what_is_no_tree():
    with pytest.raises(ValueError, match="wanted a dictionary of parameters, got list"):
        tree.flatten([1, 2])


@pytest.mark.parametrize("flat", [{"a": 1, "a/b": 2}, {"a/b": 2, "a": 1}, {"": 1}, {"a//b": 1}, {"a/": 1}, {"/a": 1}])
def test_unflatten_refuses_paths_that_make_no_tree(flat):
    with pytest.raises(ValueError):
        tree.unflatten(flat)


def test_zeros_like_keeps_shape_and_number_type_and_leaves_the_original_alone():
    params = {"weight": np.ones((2, 3), np.float32)}
    zeros = tree.zeros_like(params)
    assert zeros["weight"].dtype == np.float32
    assert zeros["weight"].shape == (2, 3)
    assert not zeros["weight"].any()
    assert params["weight"].all()


def test_count_adds_up_every_leaf():
    assert tree.count({"a": np.zeros((2, 3)), "b": {"0": np.zeros(5), "1": np.zeros(())}}) == 12
    assert tree.count({}) == 0
