"""The table that the course shows of fine-tuning is whole, and what the bench finds."""

import json
import statistics

import finetuning
import numpy as np
import pytest
from verdict import WAYS, first

TABLE = json.loads(finetuning.TABLE.read_text(encoding="utf-8"))
ROWS = {(row["setup"], row["method"], row["examples"]): row for row in TABLE}


@pytest.mark.parametrize("setup", finetuning.SETUPS)
@pytest.mark.parametrize("count", [16, 32, 64, 128])
def test_every_way_has_a_row_beside_the_model_left_alone(setup, count):
    found = {method for where, method, examples in ROWS if (where, examples) == (setup, count)}
    assert found >= {*WAYS, "untouched"}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['setup']}-{row['method']}-{row['examples']}")
def test_no_seed_is_left_out_of_a_row(row):
    assert len(row["seeds"]) >= 5
    assert (row["median"], row["lowest"]) == (round(statistics.median(row["seeds"]), 4), min(row["seeds"]))


@pytest.mark.slow
def test_cells_measured_again():
    setup = finetuning.SETUPS["sentiment_domain"](0)
    again = dict(finetuning.measure_all(setup, first(setup.examples, 16), 0, ["lora_1", finetuning.BASELINES]))
    # On the machine that wrote it a number is the same; elsewhere hundreds of steps add up another rounding.
    for method, margin in (("lora_1", 0.03), ("majority", 0.0), ("lexicon", 0.0), ("word_counts", 0.002)):
        wanted = ROWS["sentiment_domain", method, 16]["seeds"][0]
        assert again[method]["target"] == pytest.approx(wanted, abs=margin), method


@pytest.mark.slow
def test_what_reviews_are_compared_with_is_measured_again():
    from verdict_reviews import baselines, films_to_products, labelled_texts

    from lesson import tasks

    everything = labelled_texts(tasks.reviews("products").train)
    setup, order = films_to_products(0, steps=1), np.random.default_rng((0, 2)).permutation(len(everything))
    again = baselines([everything[each] for each in order[:64]], first(setup.examples, 64).target)
    for method in ("majority", "ancestor", "lexicon", "lexicon_negations", "word_counts", "word_counts_films"):
        wanted = ROWS["reviews", method, 64]["seeds"][0]
        assert again[method] == pytest.approx(wanted, abs=0.003), method
