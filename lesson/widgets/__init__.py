"""What a notebook shows and a learner moves; the only home of ipywidgets."""

from lesson.widgets.query import move_the_query
from lesson.widgets.sentence import type_a_sentence

__all__ = ["move_the_query", "type_a_sentence"]
