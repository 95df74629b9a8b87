"""Real text: what is there, that nothing leaks from testing into training, and how words become tokens."""

from collections import Counter, defaultdict

import numpy as np
import pytest

from lesson import tasks
from lesson.shipped import find
from lesson.tasks.reviews import DOMAINS, is_for_testing
from lesson.tasks.reviews_words import lexicon_score, opinions, read_lexicon, split_review, to_tokens
from lesson.tokenizer import SPECIALS, Vocabulary

COUNTS = {"films": ((7963, 7542), (2640, 2499)), "products": ((2781, 2217), (902, 705))}


def both_parts(domain):
    task = tasks.reviews(domain)
    return task.train, task.test


@pytest.mark.parametrize("domain", DOMAINS)
def test_counts_and_balance(domain):
    assert tuple((len(part.texts), len(part.examples.target)) for part in both_parts(domain)) == COUNTS[domain]
    for part in both_parts(domain):
        assert 0.49 < part.examples.target.mean() < 0.61
        assert set(part.examples.target[part.ratings[part.labelled] < 0]) == {0}


def test_no_text_is_there_twice_and_none_nearly_in_both_parts():
    """Of the words of two sentences, one in training and one in testing, fewer than 80 % are in both."""
    rows = [
        (side, frozenset(split_review(text)))
        for domain in DOMAINS
        for side, part in enumerate(both_parts(domain))
        for text in part.texts
    ]
    texts = Counter(
        " ".join(filter(str.isalnum, split_review(text)))
        for domain in DOMAINS
        for part in both_parts(domain)
        for text in part.texts
    )
    assert max(texts.values()) == 1
    assert nearly_same(rows, 0.8) == []
    assert len(nearly_same(rows, 0.7)) > 0, "the search finds what is there"


def nearly_same(rows, share):
    """Find pairs over both sides; two sets that share so much have one of their rarest words in common."""
    often = Counter(word for _, words in rows for word in words)
    holders, found = defaultdict(list), []
    for number, (side, words) in enumerate(rows):
        rarest = sorted(words, key=lambda word: (often[word], word))[: int(len(words) * (1 - share)) + 1]
        for other in {other for word in rarest for other in holders[word]}:
            other_side, other_words = rows[other]
            if side != other_side and len(words & other_words) >= share * len(words | other_words):
                found.append((words, other_words))
        for word in rarest:
            holders[word].append(number)
    return found


def test_a_review_is_in_one_part():
    assert len({is_for_testing("products", f"12_{sentence}") for sentence in range(50)}) == 1
    share = np.mean([is_for_testing("films", str(number)) for number in range(2000)])
    assert 0.2 < share < 0.3


def test_the_vocabulary_is_that_of_the_training_parts():
    films, products = (tasks.reviews(domain) for domain in DOMAINS)
    assert films.vocabulary == products.vocabulary and films.vocabulary.tokens[: len(SPECIALS)] == SPECIALS
    known = Counter(word for task in (films, products) for text in task.train.texts for word in split_review(text))
    plain = [token for token in films.vocabulary.tokens if not token.startswith("<")]
    assert min(known[token] for token in plain) >= 4
    assert (products.test.ids == films.vocabulary.id("<unk>")).any()


def test_drawing_takes_each_sentence_once():
    task = tasks.reviews("products")
    everything = task.draw(np.random.default_rng(0), 705, "test")
    assert Counter(map(bytes, everything.source)) == Counter(map(bytes, task.test.examples.source))
    again = task.draw(np.random.default_rng(0), 5, "test")
    assert (again.source == everything.source[:5]).all()
    assert len(task.batches(8)(np.random.default_rng(0), 1).target) == 8


@pytest.mark.parametrize(("count", "part"), [(706, "test"), (-1, "train"), (1, "dev")])
def test_what_cannot_be_drawn(count, part):
    with pytest.raises(ValueError, match="wanted a"):
        tasks.reviews("products").draw(np.random.default_rng(0), count, part)


def test_an_unknown_domain():
    with pytest.raises(ValueError, match=r"wanted a domain of .* got 'books'"):
        tasks.reviews("books")


def test_words_become_tokens_that_know_a_rating():
    known, lexicon = Vocabulary(("<pad>", "<unk>", "good", "not", "a")), {"good": 1.9, "dire": -2.0, "fine": 0.8}
    words = split_review("Not a GOOD phone, not good – dire, fine")
    assert words == ["not", "a", "good", "phone", "not", "good", "dire", "fine"]
    tokens = ["not", "a", "<not +2>", "<unk>", "not", "<not +2>", "<not -2>", "<not +1>"]
    assert to_tokens(words, known, lexicon) == tokens
    assert to_tokens(["good", "dire"], known, lexicon) == ["good", "<-2>"]


def test_tokens_carry_the_lexicons_opinion():
    known = Vocabulary(("<unk>", "good", "<+2>", "<not +2>", "<-4>", "it"))
    assert np.allclose(opinions(known, {"good": 1.9}), [0, 1.9, 1.5, -0.74 * 1.5, -3.5, 0])


def test_the_lexicon_is_the_same_from_a_browsers_drive(tmp_path, monkeypatch):
    """The drive gives a text to Python as JavaScript has read it: as UTF-8, with a mark for each byte that is none."""
    original = find("reviews/lexicon.txt").read_bytes()
    (tmp_path / "reviews").mkdir()
    (tmp_path / "reviews/lexicon.txt").write_text(original.decode("utf-8", "replace"), encoding="utf-8", newline="")
    at_home = read_lexicon()
    monkeypatch.chdir(tmp_path)
    assert len(find("reviews/lexicon.txt").read_bytes()) == len(original) + 4
    assert read_lexicon() == at_home and len(at_home) > 7000


def test_the_lexicon_alone_beats_guessing_and_negations_help():
    task, lexicon = tasks.reviews("products"), read_lexicon()
    texts = [text for text, is_labelled in zip(task.test.texts, task.test.labelled, strict=True) if is_labelled]
    scores = np.array([[lexicon_score(split_review(text), lexicon, rule) for rule in (False, True)] for text in texts])
    right = ((scores > 0) == task.test.examples.target[:, np.newaxis]).mean(axis=0)
    assert task.test.examples.target.mean() < 0.55 < 0.68 < right[0] < right[1] < 0.72
