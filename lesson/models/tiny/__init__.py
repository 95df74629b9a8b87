"""The smallest transformers of the course: random weights, made to be looked at, never trained."""

from lesson.models.tiny.classifier import Reading, TinyTransformerClassifier
from lesson.models.tiny.config import TransformerConfig
from lesson.models.tiny.demos import demo_attention_visualisation, run_demo_classification
from lesson.models.tiny.encoder_decoder import EncoderDecoderStates, build_encoder_decoder_stack
from lesson.models.tiny.playbook import fine_tuning_playbook

__all__ = [
    "EncoderDecoderStates",
    "Reading",
    "TinyTransformerClassifier",
    "TransformerConfig",
    "build_encoder_decoder_stack",
    "demo_attention_visualisation",
    "fine_tuning_playbook",
    "run_demo_classification",
]
