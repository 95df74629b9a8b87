"""Look at the weights of one head, or of a layer's mean, and at all heads together."""

from collections.abc import Sequence

from lesson.plots.overview import overview_picture
from lesson.plots.patterns import EVEN, PLAIN, RULE, Pattern, name_patterns
from lesson.plots.pictures import heatmap_picture
from lesson.plots.summary import summarise
from lesson.plots.svg import number, side_by_side
from lesson.widgets.explorer import Explorer
from lesson.widgets.weights import Views, Weights, choose, choose_layer, head_names, take
from lesson.words import say, say_count

MOST_NAMED = 5


def look_at_weights(weights: Weights, rows: Sequence[str], columns: Sequence[str] | None = None) -> Explorer:
    """Make the widget: a heatmap of the weights of one layer, one head or the mean of all.

    weights: for each layer (H, T, S), named if in a dict   rows: T words   columns: S words, else the rows
    Raises ValueError when shapes or words do not fit, or the weights are not shares from 0 to 1.
    """
    views = take(weights, rows, columns)

    def draw(layer: int, head: int) -> tuple[str, str]:
        return draw_weights(views, layer, None if head < 0 else head)

    return Explorer(
        say("Look at the weights."),
        draw,
        layer=choose_layer(views),
        head=choose(
            say("Head"),
            head_names(views),
            say("One head, or the mean of all: arrow keys go to the next"),
            say("mean of all"),
        ),
    )


def draw_weights(views: Views, layer: int, head: int | None) -> tuple[str, str]:
    """Return the heatmap of a head (None: the mean of all), counted from 0, and the same in words."""
    heads = views.weights[layer]
    cells = heads.mean(axis=0) if head is None else heads[head]
    if head is None:
        which = say_count("the mean of {count} head", "the mean of {count} heads", len(heads))
    else:
        which = say("head {number}", number=head + 1)
    shown = say("Shown: {layer}, {heads}.", layer=views.layers[layer], heads=which)
    said = [shown, *views.notes, summarise(cells, *views.told)]
    return heatmap_picture(cells, views.rows, views.columns), "\n".join(said)


def look_at_all_heads(weights: Weights, rows: Sequence[str], columns: Sequence[str] | None = None) -> Explorer:
    """Make the widget: every head of every layer, small, one of them large, and what each attends to where it is plain.

    Arguments and errors as in `look_at_weights`.
    """
    views = take(weights, rows, columns)
    patterns = name_patterns(views.weights, views.told[1])
    listed = [*views.notes, *_list(views, patterns), say(RULE, plain=PLAIN, even=EVEN)]

    def draw(layer: int, head: int) -> tuple[str, str]:
        chosen = say("Framed: {told}.", told=_say(views.layers[layer], head + 1, patterns[layer][head]))
        hints = [
            [_say(name, h, pattern) for h, pattern in enumerate(row, start=1)]
            for name, row in zip(views.layers, patterns, strict=True)
        ]
        overview = overview_picture(views.weights, layer, head, hints)
        large = heatmap_picture(views.weights[layer, head], views.rows, views.columns)
        return side_by_side(overview, large), "\n".join([chosen, *listed])

    return Explorer(
        say("Look at all heads."),
        draw,
        layer=choose_layer(views),
        head=choose(say("Head"), head_names(views), say("Which head to draw large: arrow keys go to the next")),
    )


def _say(layer: str, head: int, pattern: Pattern) -> str:
    told = {"layer": layer, "head": head, "share": number(pattern.share, 2)}
    if not pattern.name:
        return say("{layer}, head {head} attends to no place plainly (largest share {share})", **told)
    return say("{layer}, head {head} attends to {place} ({share})", place=say(pattern.name), **told)


def _list(views: Views, patterns: Sequence[Sequence[Pattern]]) -> list[str]:
    """Say for each pattern how many heads have it and which the most, the most frequent first."""
    found: dict[str, list[tuple[float, str]]] = {}
    for layer, row in zip(views.layers, patterns, strict=True):
        for head, (name, share) in enumerate(row, start=1):
            where = say("{layer}, head {head} ({share})", layer=layer, head=head, share=number(share, 2))
            found.setdefault(name, []).append((share, where))
    total, said = sum(map(len, found.values())), []
    for name, heads in sorted(found.items(), key=lambda item: (not item[0], -len(item[1]))):
        most = [where for _, where in sorted(heads, key=lambda head: -round(head[0], 9))[:MOST_NAMED]]
        said.append(_listed(len(heads), total, name, "; ".join(most)))
    return said


def _listed(some: int, total: int, name: str, most: str) -> str:
    if not name:
        return say("{some} of {total} heads attend to no place plainly.", some=some, total=total)
    return say(
        "{some} of {total} heads attend to {place}, the most: {heads}.",
        some=some,
        total=total,
        place=say(name),
        heads=most,
    )
