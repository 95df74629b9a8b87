"""Pictures of arrays, each with a form in words; nothing here loads matplotlib until a figure asks for it."""

from lesson.plots.display import show
from lesson.plots.heatmap import draw_heatmap
from lesson.plots.pictures import heatmap_picture, key_picture, share_picture, value_picture
from lesson.plots.summary import summarise

__all__ = ["draw_heatmap", "heatmap_picture", "key_picture", "share_picture", "show", "summarise", "value_picture"]
