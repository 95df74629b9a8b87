"""A set-up: a model that judges texts about goods is taught to judge journeys, in other words and in idioms."""

from functools import partial

import numpy as np
from verdict import Setup, drawn, ways
from verdict_baselines import ancestor, as_pair, majority, word_counts

from lesson import recipes, tasks
from lesson.recipes import labels_right

JUDGE_BY = 1000

# Chosen between 0.003 and 0.1 on seed 100 with 64 examples, a seed that no table has; for adapters by the mean over the
# ranks. Of all projections they sit where the words are: on attention alone they learned nothing.
METHODS = ways(
    full=0.01,
    head=0.1,
    embeddings=0.03,
    gradual=0.01,
    discriminative=0.1,
    lora=0.03,
    from_nothing=0.01,
    adapt="token",
)


def sentiment_domain(seed: int, **settings) -> Setup:
    """Train on goods, and draw what is taught and asked about journeys, from one seed. settings: the recipe's."""
    goods, travel = tasks.goods_and_travel()
    source = recipes.goods(seed, **settings)
    params = source.train().params
    examples, choose, new, old = drawn(seed, goods, travel, JUDGE_BY)
    judge, known = as_pair(travel, new), as_pair(goods, goods.draw(np.random.default_rng((seed, 6)), 2000, "train"))
    target_score = partial(labels_right, config=source.config, examples=new)

    def baselines(few):
        learn, chosen_by = as_pair(travel, few), as_pair(travel, choose)
        both = known[0] + learn[0], np.concatenate([known[1], learn[1]])
        return {
            "untouched": target_score(params),
            "majority": majority(few.target, new.target),
            "ancestor": ancestor(*judge),
            "lexicon": float((tasks.polarity_count(travel, new.source) == new.target).mean()),
            "word_counts": word_counts(learn, chosen_by, judge),
            "word_counts_both": word_counts(both, chosen_by, judge),
        }

    return Setup(
        params=params,
        config=source.config,
        examples=examples,
        choose=choose,
        target=target_score,
        source=partial(labels_right, config=source.config, examples=old),
        methods=METHODS,
        epochs=60,
        batch=16,
        baselines=baselines,
    )
