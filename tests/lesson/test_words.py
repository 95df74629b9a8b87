"""Another language is spoken when it is asked for, by whoever runs the site or by the learner, and only then."""

import os
import subprocess
import sys

import numpy as np
import pytest

from lesson import words
from lesson.checks.how_this_works import twice
from lesson.plots.summary import summarise


@pytest.fixture
def german():
    words.speak("de")
    yield
    words.speak("en")


def test_a_verdict_its_evidence_and_its_help_speak_german(german):
    verdict = twice(lambda x: "six")
    assert repr(verdict) == "nicht richtig: Eingabe 1, mit x 3.0: erwartet eine Zahl, erhalten ein str, 'six'."
    page = verdict._repr_html_()
    assert "<summary>Tipp 1 von 3</summary>" in page and "<summary>Eine Lösung</summary>" in page
    assert repr(twice(lambda x: 2 * x)) == "richtig: Alle 3 Eingaben ergeben dasselbe wie beim Paket."


def test_a_mistake_keeps_its_name_for_programs_and_says_it_in_words(german, monkeypatch):
    monkeypatch.setattr(words._spoken["checks"], "gettext", {"Squared": "Quadriert"}.get)
    verdict = twice(lambda x: x**2)
    assert verdict.mistake == "Squared" and verdict.text.startswith("Quadriert. ")


def test_what_nobody_has_translated_yet_stays_english(german):
    assert words.recite("A sentence of no check.") == "A sentence of no check."


def test_hostile_answers_are_answered_in_german(german):
    assert "Eine Prüfung kann input() nicht beantworten" in twice(lambda x: input()).text
    assert twice(lambda x: exit()).text.count("exit() würde das Python der Seite beenden") == 1
    assert twice(3).text == "Die Prüfung braucht die Funktion selbst, ohne Aufruf; sie bekam ein Objekt vom Typ int."
    assert twice(lambda x: {}).text == "Eingabe 1, mit x 3.0: erwartet eine Zahl, erhalten ein leeres dict."


def test_a_widget_its_labels_its_picture_and_its_summary_speak_german(german):
    pytest.importorskip("ipywidgets")
    from lesson.widgets import click_the_mask, move_the_query

    widget = move_the_query()
    assert repr(widget).startswith("Bewege die Anfrage.\nDie Anfrage ist (1.00, 2.00). Am besten passt sie zu k2.")
    assert [control.description for control in widget.controls.values()][:2] == ["Anfrage quer", "Anfrage hoch"]
    assert "größere Scheiben haben größere Gewichte" in widget.picture.value
    mask = click_the_mask()
    assert [button.description for button in mask.buttons][:2] == ["alles", "ohne Füllzeichen"]
    assert mask.controls["cells"].cells[0][1].tooltip == "'it' darf auf 'is' achten"
    mask.buttons[2].click()
    assert mask.summary.startswith("Maske: kausal.")


def test_a_training_says_how_it_stands_in_german(german):
    pytest.importorskip("ipywidgets")
    from lesson.widgets.live import LiveTraining, Run

    widget = LiveTraining("Zählen.", lambda: Run(1, iter([0.5]), lambda losses: ("", "")))
    assert "Noch nicht begonnen: 1 Schritt ist zu tun." in widget.progress.value
    assert [button.description for button in widget.buttons] == ["Trainieren", "Anhalten", "Von vorn"]


def test_one_and_many_are_told_apart_in_both(german):
    asked = ("{count} layer, {norm}, {residual}.", "{count} layers, {norm}, {residual}.")
    parts = {"norm": "a", "residual": "b"}
    assert [words.say_count(*asked, n, **parts) for n in (1, 2)] == ["1 Schicht, a, b.", "2 Schichten, a, b."]
    words.speak("en")
    assert [words.say_count(*asked, n, **parts) for n in (1, 2)] == ["1 layer, a, b.", "2 layers, a, b."]


def test_what_a_learner_wrote_is_never_taken_for_a_sentence(german):
    assert words.say("{key} is missing", key="{wanted}") == "{wanted} fehlt"
    assert words.recite("") == ""


def test_going_back_to_english_is_going_back(german):
    weights = np.array([[0.25, 0.75]])
    assert summarise(weights, ["a"], ["b", "c"]) == "'a' achtet am meisten auf 'c' (0.7500)."
    words.speak("en")
    assert summarise(weights, ["a"], ["b", "c"]) == "'a' attends most to 'c' (0.7500)."


def test_another_language_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"^wanted one of the languages de, en\b.*, got 'xx'$"):
        words.speak("xx")
    assert words.say("nothing") == "nothing", "a language that is refused changes nothing"


@pytest.mark.native
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "de", "LC_ALL": "de_DE.UTF-8"}, "nothing"),
        ({"LESSON_LANGUAGE": "de"}, "nichts"),
        ({"LESSON_LANGUAGE": ""}, "nothing"),
    ],
)
def test_the_language_is_the_courses_and_never_the_machines(settings, said):
    code = "from lesson.words import say; print(say('nothing'))"
    run = subprocess.run([sys.executable, "-c", code], env=os.environ | settings, capture_output=True, text=True)
    assert (run.stdout.strip(), run.stderr) == (said, "")
