"""What a model is made of: frozen settings that are checked once, when they are written down."""

from dataclasses import dataclass

from lesson.models.residual import NORMS
from lesson.nn.activations import ACTIVATIONS

ABSOLUTE_POSITIONS = ("none", "sinusoidal", "learned", "rotary")
POSITIONS = (*ABSOLUTE_POSITIONS, "alibi")


@dataclass(frozen=True)
class ModelConfig:
    """What all models have in common.

    vocabulary: the number of token ids. width D, num_heads H and, for grouped-query attention, fewer num_key_heads.
    norm_first: the norm stands before each sub-layer (pre-norm) or after it (post-norm).
    longest: the number of places that learned positions have; other kinds have no limit.
    Raises ValueError for a setting that cannot be, saying which.
    """

    vocabulary: int
    width: int = 32
    num_layers: int = 2
    num_heads: int = 4
    hidden_width: int = 64
    num_key_heads: int | None = None
    norm: str = "layer"
    norm_first: bool = True
    activation: str = "relu"
    positions: str = "sinusoidal"
    longest: int = 64
    dropout: float = 0.0
    pad: int = 0

    def __post_init__(self):
        for name in ("vocabulary", "width", "num_layers", "num_heads", "hidden_width", "longest"):
            _require_whole(name, getattr(self, name))
        self._require_heads()
        _require_choice("norm", self.norm, NORMS)
        _require_choice("activation", self.activation, ACTIVATIONS)
        _require_choice("positions", self.positions, self._allowed_positions())
        if self.positions == "sinusoidal" and self.width % 2:
            raise ValueError(f"width: sinusoidal positions want an even one, got {self.width}")
        if self.positions == "rotary" and self.head_width % 2:
            raise ValueError(f"width / num_heads: rotary positions want an even one, got {self.head_width}")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout: wanted a rate from 0 up to, not including, 1, got {self.dropout}")
        if not 0 <= self.pad < self.vocabulary:
            raise ValueError(f"pad: wanted an id from 0 to {self.vocabulary - 1}, got {self.pad}")

    @property
    def head_width(self) -> int:
        """The width K of one head."""
        return self.width // self.num_heads

    def _allowed_positions(self) -> tuple[str, ...]:
        # Without a causal mask ALiBi would pull every query to the last key, not to its neighbours.
        return ABSOLUTE_POSITIONS

    def _require_heads(self) -> None:
        if self.width % self.num_heads:
            raise ValueError(f"width: wanted a multiple of num_heads {self.num_heads}, got {self.width}")
        if self.num_key_heads is not None:
            _require_whole("num_key_heads", self.num_key_heads)
            if self.num_heads % self.num_key_heads:
                raise ValueError(f"num_key_heads: wanted a divisor of {self.num_heads}, got {self.num_key_heads}")


@dataclass(frozen=True)
class LanguageModelConfig(ModelConfig):
    """A decoder alone. tied: the table that reads tokens also scores them (Press & Wolf 2017)."""

    tied: bool = False

    def _allowed_positions(self) -> tuple[str, ...]:
        return POSITIONS


@dataclass(frozen=True)
class Seq2SeqConfig(ModelConfig):
    """An encoder and a decoder over one vocabulary.

    num_decoder_layers: as many as the encoder's when None. shared: encoder and decoder read with one table.
    tied: the decoder's table also scores tokens. Both: all three are one (Vaswani et al. 2017, section 3.4).
    """

    num_decoder_layers: int | None = None
    shared: bool = False
    tied: bool = False

    def __post_init__(self):
        super().__post_init__()
        if self.num_decoder_layers is not None:
            _require_whole("num_decoder_layers", self.num_decoder_layers)


@dataclass(frozen=True)
class ClassifierConfig(ModelConfig):
    """An encoder, a mean over its tokens, and a score for each label.

    lexicon_scale: how loud a list of opinionated words speaks beside the network; 0 silences it, None has no list.
    """

    num_labels: int = 2
    lexicon_scale: float | None = None

    def __post_init__(self):
        super().__post_init__()
        _require_whole("num_labels", self.num_labels, at_least=2)


def _require_whole(name: str, value: int, at_least: int = 1) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < at_least:
        raise ValueError(f"{name}: wanted a whole number of {at_least} or more, got {value!r}")


def _require_choice(name: str, value: str, choices) -> None:
    if value not in tuple(choices):
        raise ValueError(f"{name}: wanted one of {', '.join(choices)}, got {value!r}")
