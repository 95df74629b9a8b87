"""Transformers and attention, from one dot product to a fine-tuned model, in plain NumPy.

Importing this loads NumPy and nothing else; pictures and widgets are in lesson.plots and lesson.widgets.
"""

from lesson.models.tiny import (
    EncoderDecoderStates,
    TinyTransformerClassifier,
    TransformerConfig,
    build_encoder_decoder_stack,
    demo_attention_visualisation,
    fine_tuning_playbook,
    run_demo_classification,
)
from lesson.vocab import DEFAULT_LABELS, DEFAULT_VOCAB

__all__ = [
    "DEFAULT_LABELS",
    "DEFAULT_VOCAB",
    "EncoderDecoderStates",
    "TinyTransformerClassifier",
    "TransformerConfig",
    "build_encoder_decoder_stack",
    "demo_attention_visualisation",
    "fine_tuning_playbook",
    "run_demo_classification",
]
