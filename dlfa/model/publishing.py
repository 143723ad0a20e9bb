"""A checkpoint on the Hub: checked, with a card, at a revision that others can list.

Only the files of a checkpoint go there (`dlfa.data.listed.FILES`), whatever else lies beside them.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalTokenNotFoundError

from dlfa.data import hub
from dlfa.data.folders import is_folder
from dlfa.data.listed import FILES
from dlfa.errors import OfflineError, PublishingError
from dlfa.model import checkpoints
from dlfa.model.backbones import BACKBONES
from dlfa.model.config import DlfaConfig

__all__ = ["minimal_card", "publish"]

CARD = "README.md"
TRAINING = "training.json"
REFUSED = (401, 403)
UNMEASURED = "No accuracy is stated here, because no run record came with these weights"


def publish(folder: Path, repository: str, *, private: bool = False, message: str = "") -> str:
    """Push a checkpoint and return ``repository@revision``, as ``DLFA_CHECKPOINTS`` takes it.

    Args:
        folder: a checkpoint; where it has no card, a minimal one is written into it, and one that
            was written so before is brought up to date: training may have gone on since.
        repository: ``user/name`` on the Hub, made where there is none.
        private: make it a private one.
        message: of the commit.

    Raises:
        OfflineError: the Hub does not answer.
        PublishingError: nobody is logged in, or has no right to write there; the Hub refuses; or
            the encoder is a folder that nobody else has.
        ModelError: the checkpoint does not load, see `dlfa.model.checkpoints.load`.
    """
    if not hub.reachable():
        raise OfflineError("error.publish.offline")
    config = checkpoints.read_config(folder)
    if is_folder(str(config.backbone)):
        raise PublishingError("error.publish.encoder", name=Path(config.backbone).name)
    checkpoints.load(folder, listed=True)
    if not _has_own_card(folder):
        (folder / CARD).write_text(minimal_card(config, training(folder)), encoding="utf-8")
    return f"{repository}@{_pushed(folder, repository, private=private, message=message)}"


def _has_own_card(folder: Path) -> bool:
    """Return whether somebody has written a card, rather than `minimal_card` or nobody."""
    card = folder / CARD
    return card.is_file() and UNMEASURED not in card.read_text(encoding="utf-8", errors="replace")


def _pushed(folder: Path, repository: str, *, private: bool, message: str) -> str:
    """Upload the files and return the commit's revision."""
    api = HfApi()
    try:
        api.create_repo(repository, private=private, exist_ok=True)
        commit = api.upload_folder(
            repo_id=repository,
            folder_path=folder,
            allow_patterns=list(FILES),
            delete_patterns=list(FILES),  # an earlier checkpoint's encoder would be taken for ours
            commit_message=message or f"DLFA heads of {folder.name}",
        )
    except LocalTokenNotFoundError as error:
        raise PublishingError("error.publish.token") from error
    except HFValidationError as error:
        raise PublishingError("error.publish.name", name=repository) from error
    except HfHubHTTPError as error:
        code = error.response.status_code
        if code in REFUSED:
            raise PublishingError("error.publish.refused", name=repository) from error
        raise PublishingError("error.publish.failed", name=repository, reason=code) from error
    except Exception as error:  # of three libraries, each with its own types for a broken line
        reason = type(error).__name__
        raise PublishingError("error.publish.failed", name=repository, reason=reason) from error
    return str(commit.oid)


def training(folder: Path) -> dict[str, Any]:
    """Return how a checkpoint was trained; empty where nothing tells."""
    try:
        found = json.loads((folder / TRAINING).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def minimal_card(config: DlfaConfig, made: Mapping[str, Any]) -> str:
    """Return a card that says what is known of a checkpoint, and that nothing was measured.

    Args:
        config: the checkpoint's.
        made: its ``training.json``; may be empty.
    """
    known = BACKBONES.get(config.backbone)
    base = known.hub_id if known else str(config.backbone).partition("@")[0]
    return f"""---
base_model: {base}
library_name: dlfa
tags: [cross-lingual, dlfa]
---
# DLFA heads for `{config.backbone}`, task {config.task}

{len(config.heads)} heads ({", ".join(config.heads)}) on the encoder `{base}`
({config.backbone_revision}). What was trained of the encoder: `{config.tuning}`. Labels:
{", ".join(config.labels)}. Seed {config.seed}, gate_init `{config.gate_init}`.

{_told(made)}

{UNMEASURED}: measure them with
`python -m dlfa evaluate --task {config.task} --model FOLDER`.

The method: Chen et al., ICPR 2022, arXiv 2205.08497. These are not the authors' weights. Licences:
those of the encoder and of the training data apply; nobody has stated another one.
"""


def _told(made: Mapping[str, Any]) -> str:
    if not made:
        return "How it was trained is not recorded in this folder."
    settings = made.get("settings", {})
    name = settings.get("recipe", {}).get("name", "?")
    return (
        f"Trained with recipe `{name}` on {made.get('tokens', 0):,} training tokens in "
        f"{made.get('seconds', 0) / 60:.0f} minutes ({made.get('hardware', '?')}); English "
        f"validation figures of the checkpoint that was chosen: `{made.get('validation', {})}`."
    )
