"""Look inside zero-shot cross-lingual transfer.

::

    text ─ data ─> TokenBatch ─ model ─> hidden states ─ fusion ─> gates, logits ─ analysis ─┐
                                                                                             │
    screen <─ ui, pages ─ plotly <─ figures ─ results <──────────────────────────────────────┘

Fusion is DLFA with AIF as its gate: Chen et al. 2022, "Feature Aggregation in Zero-Shot
Cross-Lingual Transfer Using Multilingual BERT" (arXiv 2205.08497). In three lines::

    import dlfa

    model = dlfa.load("e5-small-xnli")
    model.predict([("A dog runs.", "An animal moves.")], heads=("baseline", "D_8"))

``dlfa/README.md`` is the map of the package. Every name here is imported on first use, so that
``import dlfa`` itself costs milliseconds: torch and transformers come with the first model.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dlfa.analysis.predict import Predictor, load
    from dlfa.errors import DlfaError
    from dlfa.model.modeling import DlfaConfig, DlfaModel
    from dlfa.results import Prediction, Provenance

__all__ = [
    "DlfaConfig",
    "DlfaError",
    "DlfaModel",
    "Prediction",
    "Predictor",
    "Provenance",
    "__version__",
    "load",
]

__version__ = "0.1.0"

_HOMES = {
    "DlfaConfig": "dlfa.model.modeling",
    "DlfaError": "dlfa.errors",
    "DlfaModel": "dlfa.model.modeling",
    "Prediction": "dlfa.results",
    "Predictor": "dlfa.analysis.predict",
    "Provenance": "dlfa.results",
    "load": "dlfa.analysis.predict",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value  # asked once
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
