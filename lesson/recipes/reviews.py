"""Film reviews: a small classifier of real text, ready to be taught what product reviews say."""

from collections.abc import Callable

import numpy as np

from lesson import tasks
from lesson.models.classifier import init_classifier
from lesson.models.config import ClassifierConfig
from lesson.models.objectives import classifier_objective
from lesson.recipes.judges import labels_right
from lesson.recipes.recipe import Recipe
from lesson.tasks import Examples
from lesson.tasks.reviews_words import blurred, lexicon_score, read_lexicon, split_review
from lesson.training import adamw, begin, cosine, warm_up

LOUDNESS, TRUST = 0.35, 0.7
HEAD_START, QUIET = 0.3, 0.1


def reviews(seed: int = 0, *, steps: int = 1000, batch: int = 64, **settings) -> Recipe:
    """Judge film reviews, and listen to product reviews without being told what people think of them.

    Half of each batch are films, rated by people; half are products, of which the lexicon with its rule of negation
    must say what it thinks: what was learned from films is not believed of everything. The lexicon also votes beside
    the network. Judged by films. settings: those of ClassifierConfig.
    """
    films, products = tasks.reviews("films"), tasks.reviews("products")
    model = {"width": 24, "num_layers": 1, "num_heads": 2, "hidden_width": 48, "positions": "rotary", "dropout": 0.2}
    config = ClassifierConfig(len(films.vocabulary), **(model | {"lexicon_scale": LOUDNESS} | settings))
    rng = np.random.default_rng(seed)
    schedule = warm_up(50, cosine(0.006, steps))
    optimiser = adamw(schedule, decay=0.01, keep=(0.9, 0.98))
    held_out = films.draw(np.random.default_rng((seed, 1)), 1000, "test")
    return Recipe(
        task=films,
        config=config,
        start=begin(_start(rng, config, films.opinions), optimiser, rng),
        objective=classifier_objective(config),
        draw=_votes(films, products, batch // 2),
        schedule=schedule,
        optimiser=optimiser,
        largest_norm=1.0,
        steps=steps,
        held_out=held_out,
        evaluate=lambda params: labels_right(params, config, held_out),
    )


def hide_words(task: tasks.Reviews, examples: Examples, copies: int, seed: int = 0) -> Examples:
    """Add copies of examples in which words are hidden, so that few examples are not learned by heart."""
    rng = np.random.default_rng((seed, copies))
    hidden = [blurred(examples.source, rng, task.vocabulary, task.opinions) for _ in range(copies)]
    return Examples(np.concatenate([examples.source, *hidden]), np.tile(examples.target, copies + 1))


def _start(rng: np.random.Generator, config: ClassifierConfig, opinions: np.ndarray) -> dict:
    """Draw a model whose tokens already lie in order of opinion along one direction, and whose head is quiet."""
    params = init_classifier(rng, config, None if config.lexicon_scale is None else opinions)
    direction = rng.choice([-1.0, 1.0], config.width) / np.sqrt(config.width)
    params["encoder"]["embedding"]["token"]["weight"] += HEAD_START * np.outer(opinions, direction)
    params["output"]["weight"] *= QUIET
    return params


def _votes(films: tasks.Reviews, products: tasks.Reviews, half: int) -> Callable:
    """Draw batches of sentences of like length, each with one person's vote rather than all people's mean.

    A sentence is called positive with probability sigmoid(rating): clear ones nearly always, neutral ones by halves.
    """
    lexicon = read_lexicon()
    heard = [TRUST * lexicon_score(split_review(text), lexicon, negations=True) for text in products.train.texts]
    pools = [_by_length(films.train.ids, films.train.ratings), _by_length(products.train.ids, np.array(heard))]

    def draw(rng, step):
        where, sources, labels = rng.random(), [], []
        for ids, leaning in pools:
            first = int(where * max(1, len(ids) - 4 * half))
            chosen = first + rng.permutation(min(4 * half, len(ids)))[:half]
            sources.append(ids[chosen])
            labels.append(rng.random(len(chosen)) < 1 / (1 + np.exp(-leaning[chosen])))
        source, target = np.concatenate(sources), np.concatenate(labels).astype(np.int64)
        longest = int((source != 0).sum(axis=1).max())
        return Examples(blurred(source, rng, films.vocabulary, films.opinions)[:, :longest], target)

    return draw


def _by_length(ids: np.ndarray, leaning: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort((ids != 0).sum(axis=1), kind="stable")
    return ids[order], leaning[order]
