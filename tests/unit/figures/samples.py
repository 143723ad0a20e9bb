"""Results to draw: small, seeded, and as awkward as real ones can be."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from dlfa.results import GateSweep, HeadGate, Prediction, Provenance, Tokens

LABELS = ("entailment", "neutral", "contradiction")
ALL_HEADS = (
    "baseline",
    *(f"D_{layer}" for layer in range(1, 12)),
    *(f"D_{layer}_aff" for layer in range(1, 12)),
)
HEADS = {"23 heads": ALL_HEADS, "one head": ("D_8",), "one aff head": ("D_3_aff",)}
WORDS = {
    "one token": (["▁a"], []),
    "512 tokens": ([f"▁{at}" for at in range(300)], [f"▁{at}" for at in range(209)]),
    "duplicate tokens": (["▁the", "▁the", "▁the"], ["▁the", "▁the"]),
    "right-to-left tokens": (["▁أغلق", "▁الجسر"], ["▁لم", "▁يعبر"]),
    "hostile tokens": (
        ["<b>x</b>", "<img onerror=a>", "$x^2$", "&lt;", "%{y}"],
        ["\u202eabc", "a\x00b", "\u2069", "x" * 400],
    ),
}


def provenance(**changes: str) -> "Provenance":
    from dlfa.results import Provenance

    values = {"backbone": "e5-small", "state": "tuned(xnli)", "gate_init": "neutral", **changes}
    return Provenance(
        checkpoint="0123", revision="4567", device="cpu", dtype="float32", seed=0, **values
    )


def prediction(head: str, shares: Sequence[float], labels: tuple[str, ...] = LABELS, **made: str):
    from dlfa.results import Prediction

    return Prediction(
        head=head,
        probabilities=frozen(np.array(shares, dtype=np.float32)),
        labels=labels,
        tokens=9,
        truncated=False,
        provenance=provenance(**made),
    )


def predictions(heads: Sequence[str] = ALL_HEADS, seed: int = 0) -> list["Prediction"]:
    shares = np.random.default_rng(seed).dirichlet(np.ones(3), len(heads))
    return [prediction(head, row) for head, row in zip(heads, shares, strict=True)]


def tokens(case: str) -> "Tokens":
    from dlfa.results import Tokens

    first, second = WORDS[case]
    if not second:
        return Tokens(
            pieces=tuple(first),
            special=np.zeros(len(first), dtype=bool),
            segment=("premise",) * len(first),
            truncated=False,
        )
    segment = ("special", *["premise"] * len(first), "special", *["hypothesis"] * len(second))
    return Tokens(
        pieces=("<s>", *first, "</s>", *second, "</s>"),
        special=np.array([part == "special" for part in (*segment, "special")]),
        segment=(*segment, "special"),
        truncated=False,
    )


def frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False  # whoever changes it fails
    return array


def gate(head: str, count: int, dim: int = 40, **arrays: np.ndarray) -> "HeadGate":
    from dlfa.results import HeadGate, head_gate, head_layer

    draw = np.random.default_rng([count, dim, *head.encode()])
    made = {
        "attention": 0.5 + 0.1 * draw.uniform(-1, 1, (count, dim)),
        "untrained": np.full((count, dim), 0.5),
        "noise": draw.uniform(0.03, 0.91, (count, dim)),
        "share": draw.uniform(0, 1, count),
        **arrays,
    }
    aff = head_gate(head) == "aff"
    made.setdefault("gate", made["attention"] * (1 if aff else draw.normal(0, 2, (count, dim))))
    shown = {name: frozen(array.astype(np.float32)) for name, array in made.items()}
    return HeadGate(head=head, layer=head_layer(head) or 0, kind=head_gate(head) or "", **shown)


def sweep(
    case: str = "duplicate tokens", heads: Sequence[str] = ALL_HEADS, dim: int = 40, **made: str
) -> "GateSweep":
    from dlfa.results import GateSweep

    seen = tokens(case)
    return GateSweep(
        tokens=seen,
        heads=tuple(gate(head, len(seen), dim) for head in heads if head != "baseline"),
        predictions=tuple(predictions(heads)),
        passes=1,
        milliseconds=12.5,
        provenance=provenance(**made),
    )


Drawing = Callable[[], Any]


def drawings(case: str, heads: Sequence[str], **look: bool) -> dict[str, tuple[Drawing, Drawing]]:
    """Return every figure with its alt text, both yet to be made, for one sentence pair."""
    from dlfa import figures as f

    style = f.Look(**look)
    answers = predictions(heads)
    many = {code: predictions(heads, seed) for seed, code in enumerate(("en", "ar", "sw"))}
    names = {"en": "English", "ar": "<b>Arabic</b>"}
    every = sweep(case, heads)
    seen, one = every.tokens, every.heads[-1]
    return {
        "probability_bars": (
            lambda: f.probability_bars(answers, style),
            lambda: f.describe_probabilities(answers),
        ),
        "head_language_heatmap": (
            lambda: f.head_language_heatmap(many, "neutral", style, names),
            lambda: f.describe_head_language(many, "neutral", names),
        ),
        "attention_heatmap": (
            lambda: f.attention_heatmap(one, seen, style, order="mean"),
            lambda: f.describe_attention_heatmap(one, seen),
        ),
        "gate_heatmap": (
            lambda: f.attention_heatmap(one, seen, style, what="gate", order="variance"),
            lambda: f.describe_attention_heatmap(one, seen, what="gate"),
        ),
        "gate_with_control": (
            lambda: f.gate_with_control(one, seen, style),
            lambda: f.describe_gate_with_control(one, seen),
        ),
        "token_summary": (
            lambda: f.token_summary(one, seen, style),
            lambda: f.describe_token_summary(one, seen),
        ),
        "layer_multiples": (
            lambda: f.layer_multiples(every, style, one.kind),
            lambda: f.describe_layer_multiples(every, one.kind),
        ),
        "share_by_layer": (
            lambda: f.share_by_layer(every, style),
            lambda: f.describe_share_by_layer(every),
        ),
    }


FIGURES = (
    "probability_bars",
    "head_language_heatmap",
    "attention_heatmap",
    "gate_heatmap",
    "gate_with_control",
    "token_summary",
    "layer_multiples",
    "share_by_layer",
)


def texts(figure: Any) -> Iterator[str]:
    """Yield every text that plotly prints in a figure or shows on hovering."""
    drawn = figure.to_plotly_json()
    layout = drawn["layout"]
    yield layout["title"]["text"]
    yield from (note["text"] for note in layout.get("annotations", ()))
    if "coloraxis" in layout:
        yield layout["coloraxis"]["colorbar"]["title"]["text"]
    for name, axis in layout.items():
        if name.startswith(("xaxis", "yaxis")):
            yield axis.get("title", {}).get("text", "")
            yield from strings(axis.get("ticktext", ()))
            yield from axis.get("labelalias", {}).values()
    for trace in drawn["data"]:
        for part in ("name", "text", "customdata", "hovertemplate"):
            yield from strings(trace.get(part, ()))


def strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    else:
        for inner in part:
            yield from strings(inner)
