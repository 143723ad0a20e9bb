"""Results to draw: small, seeded, and as awkward as real ones can be."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from dlfa.results import (
        Alignment,
        GateComparison,
        GateEffects,
        GateStudy,
        GateSweep,
        GateTrial,
        HeadGate,
        Prediction,
        Provenance,
        Tokens,
    )
    from dlfa.results.comparisons import Duel

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
    "words in pieces": (["▁Un", "##believ", "##able", "▁news"], ["▁no", "##thing"]),
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


def duel(heads: Sequence[str]) -> "Duel":
    """Two that agree on some of their pairs; with one head, on all of the few."""
    from dlfa.results.comparisons import Contest, Duel

    alone = len(heads) == 1
    counts = np.diag([3, 0, 1]) if alone else np.array([[5, 1, 0], [2, 3, 0], [0, 4, 9]])
    return Duel(
        names=("<s>", "2"),
        labels=LABELS,
        counts=frozen(counts),
        differ=() if alone else (1, 2, 3, 4, 5, 6, 7),
        contest=None if alone else Contest(both=3, first_only=1, second_only=2, neither=4, p=1.0),
        provenance=(provenance(), provenance()),
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
    pieces, segment = list(first), ["premise"] * len(first)
    if second:
        pieces = ["<s>", *first, "</s>", *second, "</s>"]
        segment = ["special", *segment, "special", *["hypothesis"] * len(second), "special"]
    special = np.array([part == "special" for part in segment])
    begins = np.array([not piece.startswith("##") for piece in pieces]) & ~special
    texts = [piece.removeprefix("##").removeprefix("▁") for piece in pieces]
    words: list[str] = []
    for text, begin, other in zip(texts, begins, special, strict=True):
        words[-1:] = (
            [*words[-1:], text] if begin else [words[-1] + text] if not other else words[-1:]
        )
    return Tokens(
        pieces=tuple(pieces),
        special=special,
        segment=tuple(segment),
        truncated=False,
        word=np.where(special, -1, begins.cumsum() - 1),
        words=tuple(words),
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
        "cell_share": draw.uniform(0.1, 0.9, (count, dim)),
        "noise_share": draw.uniform(0, 1, count),
        "global_logits": draw.normal(0, 0.2, dim),
        "local_logits": draw.normal(0, 0.1, (count, dim)),
        **arrays,
    }
    aff = head_gate(head) == "aff"
    made.setdefault("gate", made["attention"] * (1 if aff else draw.normal(0, 2, (count, dim))))
    shown = {name: frozen(array.astype(np.float32)) for name, array in made.items()}
    return HeadGate(head=head, layer=head_layer(head) or 0, kind=head_gate(head) or "", **shown)


@cache
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


ALIGNMENTS = ("linked", "no links", "one link")


@cache
def comparison(
    case: str = "words in pieces",
    other: str = "right-to-left tokens",
    heads: Sequence[str] = ALL_HEADS,
    links: str = "linked",
    languages: tuple[str, str] = ("en", "ar"),
) -> "GateComparison":
    """Return two sentences' gates; without links correlations are NaN, as they really are."""
    from dlfa.results import GateComparison

    first, second = sweep(case, heads), sweep(other, heads)
    fusing = tuple(gate.head for gate in first.heads)
    draw = np.random.default_rng(len(fusing))
    r = draw.uniform(-0.2, 0.9, len(fusing)) if links == "linked" else np.full(len(fusing), np.nan)
    if links == "linked" and len(fusing) > 1:
        r[-1] = np.nan  # one gate that is the same everywhere
    count = {"linked": 99, "no links": 0, "one link": 1}[links]
    return GateComparison(
        languages=languages,
        first=first,
        second=second,
        alignment=alignment(first.tokens, second.tokens, count),
        heads=fusing,
        correlation=frozen(r),
        low=frozen(r - 0.1),
        high=frozen(r + 0.15),
        chance_low=frozen(np.where(np.isnan(r), np.nan, -0.12)),
        chance_high=frozen(np.where(np.isnan(r), np.nan, 0.11)),
        noise_correlation=frozen(r * 0.8),
        gain_low=frozen(r * 0.2 - 0.05),
        gain_high=frozen(r * 0.2 + 0.07),
        passes=2,
        milliseconds=30.0,
        provenance=provenance(),
    )


def alignment(first: "Tokens", second: "Tokens", count: int) -> "Alignment":
    """Link words of one part in reversed order, so that lines cross."""
    from dlfa.figures.aligned import part_of_words
    from dlfa.results import Alignment

    links: list[tuple[int, int]] = []
    for part in ("premise", "hypothesis"):
        ours, theirs = (
            [word for word, where in enumerate(part_of_words(one)) if where == part]
            for one in (first, second)
        )
        links += zip(ours, theirs[: len(ours)][::-1], strict=False)
    links = links[:count]
    return Alignment(
        layer=7,
        first=np.array([one for one, _ in links], dtype=int),
        second=np.array([other for _, other in links], dtype=int),
        similarity=np.linspace(0.97, 0.62, len(links)),
    )


@cache
def effects(heads: Sequence[str] = ALL_HEADS, changes: Sequence[str] = ()) -> "GateEffects":
    from dlfa.results import CHANGES, GateEffects

    fusing = tuple(head for head in heads if head != "baseline")
    names = tuple(changes or CHANGES)
    draw = np.random.default_rng(len(fusing))
    base = draw.dirichlet(np.ones(3), len(fusing))
    moved = 0.02 * draw.uniform(-1, 1, (len(names), len(fusing), 1)) * np.array([1, 1, -2])
    moved[0] = 0
    shares = np.abs(base + moved)
    shuffled = np.array([name.startswith("shuffle") for name in names])
    return GateEffects(
        changes=names,
        heads=fusing,
        labels=LABELS,
        probabilities=frozen(shares / shares.sum(-1, keepdims=True)),
        deviations=frozen(np.broadcast_to(0.01 * shuffled[:, None, None], shares.shape).copy()),
        baseline=frozen(np.array([0.7, 0.2, 0.1])),
        draws=8,
        passes=1,
        milliseconds=41.0,
        provenance=provenance(),
    )


@cache
def study(
    heads: Sequence[str] = ALL_HEADS, languages: Sequence[str] = ("ar", "en", "sw"), each: int = 6
) -> "GateStudy":
    """Return a set with every label in every language; single-sentence pairs have no hypothesis."""
    from dlfa.results import GateStudy

    fusing = tuple(head for head in heads if head != "baseline")
    count = each * len(languages)
    draw = np.random.default_rng(count)
    share = draw.uniform(0, 1, (count, len(fusing), 3))
    share[0, :, 1:] = np.nan
    twin = np.where(np.isnan(share), np.nan, draw.uniform(0.3, 0.6, share.shape))
    factors = {"channel": 0.41, "token": 0.07, "layer": 0.02, "language": 0.001}
    low = {"channel": 0.05, "token": 0.02, "layer": 0.0, "language": 0.002}
    factors |= {"layer-channel": 0.55, "layer-token": 0.12, "total": 0.0123}
    low |= {"layer-channel": 0.3, "layer-token": 0.05, "total": 0.07}
    kinds = {"aff" if head.endswith("_aff") else "paper" for head in fusing}
    drift = draw.uniform(0, 1.4, (len(fusing), 2, len(languages)))
    return GateStudy(
        data="built-in",
        heads=fusing,
        languages=tuple(languages),
        labels=LABELS,
        language=np.arange(count) % len(languages),
        label=(np.arange(count) // len(languages)) % 3,
        share=frozen(share),
        noise_share=frozen(twin),
        whole=frozen(np.nanmean(share, -1) ** 2),
        noise_whole=frozen(np.nanmean(twin, -1) ** 2),
        explained={kind: {"trained": factors, "noise": low} for kind in sorted(kinds)},
        drift=frozen(drift),
        spread=frozen(draw.normal(0, 1, drift.shape)),
        pairs=count,
        passes=3,
        milliseconds=900.0,
        provenance=provenance(),
    )


@cache
def trial(
    heads: Sequence[str] = ALL_HEADS,
    languages: Sequence[str] = ("en", "ar"),
    harm: float = 0.0,
    changes: Sequence[str] = (),
) -> "GateTrial":
    """Return accuracies that no change moves, or that shutting the gate lowers by ``harm``."""
    from dlfa.results import CHANGES, GateTrial

    fusing = tuple(head for head in heads if head != "baseline")
    names = tuple(changes or CHANGES)
    right = np.full((len(names), len(fusing), len(languages)), 70)
    right[-1] -= round(100 * harm)
    difference = (right.sum(-1) - right[:1].sum(-1)) / (100 * len(languages))
    accuracy = right.sum(-1) / (100 * len(languages))
    return GateTrial(
        data="xnli/test",
        changes=names,
        heads=fusing,
        languages=tuple(languages),
        n=np.full(len(languages), 100),
        right=frozen(right),
        flipped=frozen(np.full_like(right, 3)),
        low=frozen(accuracy - 0.06),
        high=frozen(accuracy + 0.05),
        difference_low=frozen(difference - 0.02),
        difference_high=frozen(difference + 0.03),
        settings={},
        provenance=provenance(),
    )


def forget() -> None:
    """Make all results anew: they are frozen and their arrays read-only, so tests share them."""
    for made in (sweep, comparison, effects, study, trial):
        made.cache_clear()


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
    pair = (one, seen)
    links = "no links" if case == "one token" else "linked"
    both = comparison(case, case, heads, links)
    arabic = comparison(case, "right-to-left tokens", heads, languages=("", ""))
    changed, harmed, quiet = effects(heads), trial(heads, harm=0.2), trial(heads)
    many_pairs = study(heads, ("en",) if len(heads) == 1 else ("ar", "en", "sw"))
    difference = {"order": "difference", "against": gate(one.head, 3), "scale": "own"}
    made = {"made": provenance()}

    def drawing(name: str, *results: Any, only: dict[str, Any] | None = None, **options: Any):
        """Return a figure and its alt text; ``only`` are options that the words do not need."""
        drawn = getattr(f, name)
        told = getattr(f, f"describe_{DESCRIBED.get(name, name)}")
        return (
            lambda: drawn(*results, style, **(only or {}), **options),
            lambda: told(*results, **options),
        )

    return {
        "probability_bars": drawing("probability_bars", answers),
        "answer_difference": drawing(
            "answer_difference", answers[0], answers[-1], names=("<s>", "2")
        ),
        "answers_crossed": drawing("answers_crossed", duel(heads)),
        "head_language_heatmap": (
            lambda: f.head_language_heatmap(many, "neutral", style, names),
            lambda: f.describe_head_language(many, "neutral", names),
        ),
        "attention_heatmap": drawing("attention_heatmap", *pair, only={"order": "mean"}),
        "gate_heatmap": drawing(
            "attention_heatmap", *pair, only={"order": "variance"}, what="gate", merged=True
        ),
        "share_heatmap": drawing(
            "attention_heatmap", *pair, only={"groups": 7, **difference}, what="share"
        ),
        "gate_with_control": drawing("gate_with_control", *pair),
        "gate_and_its_twin": drawing(
            "gate_with_control", *pair, only=made, merged=True, groups=6, **difference, what="gate"
        ),
        "share_and_before_training": drawing(
            "gate_with_control", *pair, only=made, what="share", control="untrained"
        ),
        "gate_against_a_translation": drawing(
            "gate_with_control", *pair, only=made, against_word="<b>en</b>", **difference
        ),
        "token_summary": drawing("token_summary", *pair, only=made),
        "word_summary": drawing("token_summary", *pair, only={"scale": "own"}, merged=True),
        "cell_numbers": drawing("cell_numbers", *pair, only=made, token=len(seen) - 1, channel=5),
        "branches": drawing("branches", *pair, only=made),
        "branches_of_words": drawing(
            "branches", *pair, only={"merged": True, "groups": 3, "order": "mean"}
        ),
        "branch_balance": drawing("branch_balance", *pair, only=made),
        "balance_of_words": drawing("branch_balance", *pair, only={"merged": True}),
        "layer_multiples": (
            lambda: f.layer_multiples(every, style, one.kind),
            lambda: f.describe_layer_multiples(every, one.kind),
        ),
        "share_by_layer": drawing("share_by_layer", every),
        "share_of_a_token": drawing("share_by_layer", every, token=0),
        "alignment_map": drawing("alignment_map", both, head=one.head),
        "alignment_with_arabic": drawing("alignment_map", arabic, head=one.head),
        "gate_correlation": drawing("gate_correlation", both),
        "gate_side_by_side": drawing("gate_side_by_side", both, head=one.head),
        "share_side_by_side": drawing(
            "gate_side_by_side",
            arabic,
            only={"order": "difference", "groups": 6, "scale": "own"},
            head=one.head,
            what="share",
        ),
        **{
            f"share_by_{by}": drawing("share_distribution", many_pairs, by=by, head=one.head)
            for by in ("language", "label", "part")
        },
        "share_of_all_layers": drawing("share_distribution", many_pairs, by="layer", head=one.head),
        "statistics_drift": drawing("statistics_drift", many_pairs, branch="local", kind=one.kind),
        "variance_explained": drawing("variance_explained", many_pairs, kind=one.kind),
        "change_effects": drawing("change_effects", changed, head=one.head),
        "change_trial": drawing("change_trial", quiet),
        "trial_with_an_effect": drawing("change_trial", harmed),
        "trial_of_one_head": drawing("change_trial", harmed, head=one.head),
    }


DESCRIBED = {"probability_bars": "probabilities"}
FIGURES = (
    "probability_bars",
    "answer_difference",
    "answers_crossed",
    "head_language_heatmap",
    "attention_heatmap",
    "gate_heatmap",
    "share_heatmap",
    "gate_with_control",
    "gate_and_its_twin",
    "share_and_before_training",
    "gate_against_a_translation",
    "token_summary",
    "word_summary",
    "cell_numbers",
    "branches",
    "branches_of_words",
    "branch_balance",
    "balance_of_words",
    "layer_multiples",
    "share_by_layer",
    "share_of_a_token",
    "alignment_map",
    "alignment_with_arabic",
    "gate_correlation",
    "gate_side_by_side",
    "share_side_by_side",
    "share_by_language",
    "share_by_label",
    "share_by_part",
    "share_of_all_layers",
    "statistics_drift",
    "variance_explained",
    "change_effects",
    "change_trial",
    "trial_with_an_effect",
    "trial_of_one_head",
)


def texts(figure: Any) -> Iterator[str]:
    """Yield every text that plotly prints in a figure or shows on hovering."""
    drawn = figure.to_plotly_json()
    layout = drawn["layout"]
    yield layout["title"]["text"]
    yield from (note["text"] for note in layout.get("annotations", ()))
    for name, axis in layout.items():
        if name.startswith("coloraxis"):
            yield axis["colorbar"]["title"]["text"]
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
    elif not isinstance(part, int | float):
        for inner in part:
            yield from strings(inner)
