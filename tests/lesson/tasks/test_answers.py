"""The answers are right: each task against plain Python."""

import numpy as np
import pytest

from lesson import tasks

COUNT = 300


def said(task, source, target):
    decode = task.vocabulary.decode
    return [(decode(question), decode(answer)) for question, answer in zip(source, target, strict=True)]


@pytest.mark.parametrize(
    ("make", "answer"),
    [
        (tasks.copy, lambda digits: digits),
        (tasks.reverse, lambda digits: digits[::-1]),
        (tasks.sort, sorted),
        (tasks.rotate, lambda digits: digits[3 % len(digits) :] + digits[: 3 % len(digits)]),
    ],
    ids=["copy", "reverse", "sort", "rotate"],
)
@pytest.mark.parametrize("shortest", [None, 1, 4])
def test_sequences(make, answer, shortest):
    task = make(length=7, shortest=shortest)
    source, target = task.draw(np.random.default_rng(1), COUNT)
    lengths = set()
    for digits, given in said(task, source, target):
        assert given == answer(digits)
        lengths.add(len(digits))
    assert lengths == set(range(shortest or 7, 8))


@pytest.mark.parametrize("make", [tasks.copy, tasks.sort])
def test_targets_run_from_begin_to_end(make):
    task = make(length=3, shortest=2)
    target = task.draw(np.random.default_rng(2), 20).target
    for row in target:
        tokens = task.vocabulary.decode(row, keep_specials=True)
        end = tokens.index("<eos>")
        assert tokens[0] == "<bos>"
        assert all(token.isdigit() for token in tokens[1:end])
        assert set(tokens[end + 1 :]) <= {"<pad>"}


@pytest.mark.parametrize("digits", [1, 3, 17])
@pytest.mark.parametrize("units_first", [True, False])
def test_addition(digits, units_first):
    task = tasks.addition(digits, units_first)
    for question, answer in said(task, *task.draw(np.random.default_rng(3), COUNT)):
        a, b = "".join(question).split("+")
        total = "".join(answer[::-1] if units_first else answer)
        assert len(a) == len(b) == digits and len(total) == digits + 1
        assert int(a) + int(b) == int(total)


def test_a_sum_and_its_mirror_image_are_in_the_same_part():
    task = tasks.addition(3)
    source, _ = task.draw(np.random.default_rng(4), 1000, "test")
    mirrored = np.concatenate([source[:, 4:], source[:, 3:4], source[:, :3]], axis=1)
    assert not np.array_equal(source, mirrored)
    assert task.is_test(mirrored).all()


def test_induction_asks_exactly_what_was_seen_before():
    source, target = tasks.induction(pairs=4, repeats=9).draw(np.random.default_rng(5), COUNT)
    for read, asked in zip(source, target, strict=True):
        followed_by = {}
        for position in range(0, len(read), 2):
            assert asked[position] == followed_by.get(read[position], 0)
            assert asked[position + 1] == 0
            followed_by[read[position]] = read[position + 1]
        assert len({*followed_by, *followed_by.values()}) == 2 * len(followed_by)


def test_induction_pairs_are_new_in_every_sequence():
    source, _ = tasks.induction(pairs=2, repeats=4).draw(np.random.default_rng(6), COUNT)
    assert len({tuple(row[:2]) for row in source}) > 0.5 * COUNT


def judge(words, positive, negative):
    """Read word by word, as a person would."""
    verdict = 0
    for before, word in zip(["", *words], words, strict=False):
        opinion = (word in positive) - (word in negative)
        verdict += -opinion if before == "not" else opinion
    return verdict


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("opinions", [(1,), (1, 3)])
def test_sentiment(wide, opinions):
    from lesson.tasks.sentiment import MORE_NEGATIVE, MORE_POSITIVE, NEGATIVE, POSITIVE

    positive, negative = {*POSITIVE, *MORE_POSITIVE}, {*NEGATIVE, *MORE_NEGATIVE}
    task = tasks.sentiment(wide, opinions)
    source, labels = task.draw(np.random.default_rng(7), COUNT)
    numbers = set()
    for row, label in zip(source, labels, strict=True):
        words = task.vocabulary.decode(row)
        assert task.labels[label] == ("positive" if judge(words, positive, negative) > 0 else "negative")
        numbers.add(sum(word in positive | negative for word in words))
    assert numbers == set(opinions)


def test_sentiment_speaks_the_first_classifiers_vocabulary():
    from lesson.vocab import DEFAULT_LABELS, DEFAULT_VOCAB

    assert tasks.sentiment().vocabulary.tokens == tuple(DEFAULT_VOCAB)
    assert tasks.sentiment(wide=True).vocabulary.tokens[: len(DEFAULT_VOCAB)] == tuple(DEFAULT_VOCAB)
    assert tasks.sentiment().labels == tuple(DEFAULT_LABELS)


@pytest.mark.parametrize("wide", [False, True])
def test_counting_words_is_worth_nothing(wide):
    task = tasks.sentiment(wide)
    source, labels = task.draw(np.random.default_rng(8), 20_000)
    polarity = tasks.polarity_count(task, source)
    nots = (source == task.vocabulary.id("not")).sum(axis=-1)
    turned_round = np.where(nots % 2 == 1, 1 - polarity, polarity)
    any_not = np.where(nots > 0, 1 - polarity, polarity)
    for guess in (polarity, turned_round):
        assert abs((guess == labels).mean() - 0.5) < 0.03
    # Without any "not" the polarity is right, so this baseline is a little better than chance: 1/16 of all texts.
    assert (any_not == labels).mean() < 0.6


def test_counting_words_is_right_where_nothing_is_negated():
    task = tasks.sentiment()
    source, labels = task.draw(np.random.default_rng(9), 2000)
    plain = (source != task.vocabulary.id("not")).all(axis=-1)
    assert plain.sum() > 30
    assert (tasks.polarity_count(task, source) == labels)[plain].all()


def test_exact_match_counts_up_to_the_end_token():
    target = np.array([[2, 7, 8, 3, 0]])
    for answer, right in [
        ([7, 8, 3, 0], True),
        ([7, 8, 3], True),
        ([7, 8, 3, 9, 9, 9], True),
        ([7, 8, 9, 3], False),
        ([7, 8], False),
        ([7], False),
        ([2, 7, 8, 3], False),
    ]:
        assert tasks.exact_match(np.array([answer]), target).tolist() == [right]
    with pytest.raises(ValueError, match=r"wanted answers of shape \(1, any length\), got \(2, 3\)"):
        tasks.exact_match(np.zeros((2, 3)), target)


def test_token_accuracy_counts_only_what_is_asked():
    target = np.array([[0, 5, 0], [6, 0, 7]])
    assert tasks.token_accuracy(np.array([[1, 5, 1], [6, 1, 1]]), target) == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match="wanted answers of shape"):
        tasks.token_accuracy(target[:1], target)
    with pytest.raises(ValueError, match="padding alone"):
        tasks.token_accuracy(target, np.zeros_like(target))


def test_confusion_counts_each_answer_once_where_it_belongs():
    rng = np.random.default_rng(58)
    truth, said = rng.integers(0, 4, (2, 200))
    table = tasks.confusion(truth, said, 5)
    assert table.tolist() == [[sum((truth == row) & (said == column)) for column in range(5)] for row in range(5)]
    with pytest.raises(ValueError, match="labels from 0 to 2, got 0 to 3"):
        tasks.confusion(truth, said, 3)
    with pytest.raises(ValueError, match=r"got \(200,\) and \(100,\)"):
        tasks.confusion(truth, said[:100], 5)
