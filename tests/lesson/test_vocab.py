"""The ancestor's words: fixed by it, in its order."""

import pytest

from lesson.vocab import DEFAULT_LABELS, DEFAULT_VOCAB, LEXICON, number_tokens, require_names


def test_words_and_labels_are_the_ancestors():
    words = "<pad> <unk> great bad product service love hate fast slow support terrible amazing not boring exciting"
    assert words.split() == DEFAULT_VOCAB
    assert DEFAULT_LABELS == ["negative", "positive"]
    assert LEXICON.keys() < set(DEFAULT_VOCAB)


def test_unknown_gets_the_next_free_id_only_when_it_is_missing():
    assert number_tokens(("a", "b")) == {"a": 0, "b": 1, "<unk>": 2}
    assert number_tokens(["a", "<unk>", "b"]) == {"a": 0, "<unk>": 1, "b": 2}


@pytest.mark.parametrize(
    ("vocab", "message"),
    [
        (["a", "b", "a"], "every token once, got 'a'"),
        (["a", 3], "every token to be a string, got 3"),
        ([], "at least 1 token, got 0"),
        ("great bad", "a sequence of tokens, got 'great bad'"),
        (7, "a sequence of tokens, got 7"),
    ],
)
def test_bad_vocabularies(vocab, message):
    with pytest.raises(ValueError, match=f"vocab: wanted {message}"):
        number_tokens(vocab)


def test_names_are_copied():
    names = ["a", "b"]
    require_names("labels", "label", names, at_least=2).append("c")
    assert names == ["a", "b"]
