"""What a notebook shows and a learner moves; the only home of ipywidgets."""

from lesson.widgets.beams import grow_the_beams
from lesson.widgets.follow import follow_the_lines
from lesson.widgets.gradient import check_a_gradient
from lesson.widgets.live import LiveTraining, Run
from lesson.widgets.look import look_at_all_heads, look_at_weights
from lesson.widgets.mask import click_the_mask
from lesson.widgets.negation import place_a_not
from lesson.widgets.query import move_the_query
from lesson.widgets.sentence import type_a_sentence
from lesson.widgets.shares import share_a_whole
from lesson.widgets.slide import slide_two_words
from lesson.widgets.stack import stack_the_layers
from lesson.widgets.switch import switch_heads
from lesson.widgets.train import train_live
from lesson.widgets.tune import freeze_and_tune

__all__ = [
    "LiveTraining",
    "Run",
    "check_a_gradient",
    "click_the_mask",
    "follow_the_lines",
    "freeze_and_tune",
    "grow_the_beams",
    "look_at_all_heads",
    "look_at_weights",
    "move_the_query",
    "place_a_not",
    "share_a_whole",
    "slide_two_words",
    "stack_the_layers",
    "switch_heads",
    "train_live",
    "type_a_sentence",
]
