"""Pictures of arrays, each with a form in words; nothing here loads matplotlib until a figure asks for it."""

from lesson.plots.display import show
from lesson.plots.export import save_picture
from lesson.plots.heads import draw_heads, draw_rollout, summarise_heads, summarise_rollout
from lesson.plots.heatmap import draw_heatmap
from lesson.plots.lines import bars_of_heads, draw_bars, draw_curves, summarise_bars, summarise_curves
from lesson.plots.overview import overview_picture
from lesson.plots.patterns import name_patterns
from lesson.plots.pictures import heatmap_picture, key_picture, share_picture, value_picture
from lesson.plots.similarity import draw_similarity, summarise_similarity
from lesson.plots.summary import summarise
from lesson.plots.threads import thread_picture

__all__ = [
    "bars_of_heads",
    "draw_bars",
    "draw_curves",
    "draw_heads",
    "draw_heatmap",
    "draw_rollout",
    "draw_similarity",
    "heatmap_picture",
    "key_picture",
    "name_patterns",
    "overview_picture",
    "save_picture",
    "share_picture",
    "show",
    "summarise",
    "summarise_bars",
    "summarise_curves",
    "summarise_heads",
    "summarise_rollout",
    "summarise_similarity",
    "thread_picture",
    "value_picture",
]
