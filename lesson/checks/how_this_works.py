"""The exercise of "How this works here": a first function, and what becomes of it."""

from functools import partial

from lesson.checks.core import Check, Mistake

exercise = partial(Check, lesson="00-how-this-works")

twice = exercise(
    name="twice",
    arguments=("x",),
    cases=lambda rng: [(3.0,), (-1.5,), (rng.normal(size=(2, 3)),)],
    answer=lambda x: 2 * x,
    mistakes=(
        Mistake("One too many", lambda x: x + x + 1, "It adds 1 at the end, whatever x is. Nobody asked for that."),
        Mistake("Two more, not twice", lambda x: x + 2, "Twice x is two times x: 2 * x."),
        Mistake("Squared", lambda x: x**2, "In Python ** raises to a power and * multiplies."),
        Mistake("Given back as it came", lambda x: x, "That is x itself. Multiply it before you return it."),
    ),
    hints=(
        "Replace the line with the three dots by one that begins with `return`.",
        "Python multiplies with `*`.",
        "Two times `x` is written `2 * x`.",
    ),
    solution="def twice(x):\n    return 2 * x",
    difficulty=1,
    importance=1,
    minutes=1,
)
