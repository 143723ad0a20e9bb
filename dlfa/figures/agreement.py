"""Does a head answer all translations of one item alike? Beside what chance makes alike."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.forest_points import SHAPES, kind_of
from dlfa.figures.frame import Pixels, Settings, draw, key, origin
from dlfa.figures.headrows import head_axis, head_headings, head_rows
from dlfa.figures.palette import STATE_SYMBOLS, Look
from dlfa.figures.scores import count, english_leads, interval, language_word, share_axis
from dlfa.figures.words import escape, head_word, tenths
from dlfa.messages import _
from dlfa.results import Agreement, Provenance

__all__ = ["agreement_bars", "describe_agreement"]

BELOW = 0.5  # of a row: how far the languages stand below the mean
FAR = 0.05  # from the heads: the control would take the width, and stands in words
NEAR = 0.01  # between the ends of an axis of heads that lie close together


def agreement_bars(
    agreement: Agreement,
    look: Look,
    *,
    head: str | None = None,
    names: Mapping[str, str] | None = None,
    made: Provenance | None = None,
) -> go.Figure:
    """Draw how often the same answer comes in several languages, with 95 % intervals.

    Args:
        agreement: of items that are there in at least two languages.
        look: light or dark, desk or projector.
        head: one head's mean over pairs of languages, and each language's agreement with the
            reference language; None: every head's mean over pairs of languages.
        names: language code -> name; a code without one stands for itself.
        made: named in small print where given.

    Returns:
        shares of items. Beside each mean over pairs stands its control, the zero line: what
        answers would agree if they had nothing in common but the right label; where that is far
        from every head it stands in the subtitle, for the axis to span the heads.

    Raises:
        ValueError: a head that is not there.
    """
    if head is None:
        return _every_head(agreement, look, made)
    return _one_head(agreement, agreement.heads.index(head), look, names or {}, made)


def _every_head(found: Agreement, look: Look, made: Provenance | None) -> go.Figure:
    rows = head_rows(found.heads)
    at = [found.heads.index(head) for head in rows.values()]
    ends = [found.pairwise_low[at].min(), found.pairwise_high[at].max()]
    far = bool(ends[0] - np.nanmax(found.expected[at]) > max(FAR, ends[1] - ends[0]))
    if not far:
        ends = [
            np.nanmin([ends[0], *found.expected[at]]),
            np.nanmax([ends[1], *found.expected[at]]),
        ]
    control = [] if far else [_expected(found, rows, at, look)]
    return draw(
        [*control, _pairwise(found, rows, at, look)],
        look,
        title=_("figure.agreement.title"),
        subtitle="<br>".join([*_signs(found, at, look, far=far), *origin(made)]),
        height=(max(rows) + 1) * look.row,
        top=0.4 * look.font,
        bottom=3.4 * look.small,
        axes={
            "xaxis": share_axis(
                float(ends[0]), float(ends[1]), _("figure.agreement.axis"), step=_step(ends)
            ),
            "yaxis": head_axis(rows),
        },
        annotations=head_headings(rows, look),
    )


def _step(ends: Sequence[float]) -> float:
    return NEAR if ends[1] - ends[0] < FAR else FAR


def _pairwise(found: Agreement, rows: Mapping[int, str], at: list[int], look: Look) -> Settings:
    ends = found.pairwise_low[at], found.pairwise_high[at]
    return _dots(found.pairwise[at], ends, list(rows), look) | {
        "marker": _marker([kind_of(head) for head in rows.values()], look),
        "customdata": [_note(found, one) for one in at],
        "hovertemplate": _("figure.agreement.hover"),
    }


def _note(found: Agreement, at: int) -> list[str]:
    """Return a head's name, its interval, and how many items are answered alike everywhere."""
    unanimous = interval(float(found.unanimous_low[at]), float(found.unanimous_high[at]))
    return [
        head_word(found.heads[at]),
        interval(float(found.pairwise_low[at]), float(found.pairwise_high[at])),
        tenths(float(found.unanimous[at])),
        unanimous,
        tenths(float(found.expected[at])),
    ]


def _expected(found: Agreement, rows: Mapping[int, str], at: list[int], look: Look) -> Settings:
    symbol = {"symbol": STATE_SYMBOLS["noise"][0], "size": 8, "color": look.text}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": found.expected[at],
        "y": np.array(list(rows)),
        "marker": symbol | {"line": {"color": look.text, "width": 1.5}},
        "customdata": [head_word(head) for head in rows.values()],
        "hovertemplate": _("figure.agreement.hover.expected"),
    }


def _dots(
    values: np.ndarray, ends: tuple[np.ndarray, np.ndarray], rows: Sequence[Pixels], look: Look
) -> Settings:
    bars = {"array": ends[1] - values, "arrayminus": values - ends[0], "color": look.muted}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": values,
        "y": np.array(rows),
        "error_x": bars | {"thickness": 1.6, "width": 0},
    }


def _marker(kinds: list[str], look: Look) -> Settings:
    symbols = [SHAPES[kind][0] for kind in kinds]
    colours = [look.head_colour(kind) for kind in kinds]
    return {"symbol": symbols, "size": look.small - 2, "color": colours}


def _signs(found: Agreement, at: list[int], look: Look, *, far: bool) -> list[str]:
    kinds = list(dict.fromkeys(map(kind_of, found.heads)))
    signs = "".join(SHAPES[kind][1] for kind in kinds)
    entries = [
        (look.head_colour(kinds[-1]), signs, _("figure.agreement.pairwise")),
    ]
    if not far:
        return [_size(found), key(entries), _control(look)]
    ends = [tenths(float(end(found.expected[at]))) for end in (np.nanmin, np.nanmax)]
    words = {"percents": "–".join(dict.fromkeys(ends))}
    off = (look.text, "← ×", _("figure.agreement.expected.off", **words))
    return [_size(found), key(entries), key([off])]


def _size(found: Agreement) -> str:
    return _("figure.agreement.size", items=count(found.items), languages=len(found.languages))


def _others(found: Agreement) -> list[int]:
    """Return the indices of the languages that are held against the reference."""
    every = english_leads(found.languages)
    return [at for at in every if found.languages[at] != found.reference]


def _one_head(
    found: Agreement, at: int, look: Look, names: Mapping[str, str], made: Provenance | None
) -> go.Figure:
    others = _others(found)
    rows = [0.0, *(1 + BELOW + place for place in range(len(others)))]
    low = np.append(found.pairwise_low[at], found.with_reference_low[at, others])
    high = np.append(found.pairwise_high[at], found.with_reference_high[at, others])
    words = [escape(language_word(found.languages[one], names)) for one in others]
    labels = [_("figure.agreement.pairs"), *words]
    values = np.append(found.pairwise[at], found.with_reference[at, others])
    told = zip(labels, low, high, strict=True)
    points = _dots(values, (low, high), rows, look) | {
        "marker": _marker([kind_of(found.heads[at])] * len(rows), look),
        "customdata": [[label, interval(*ends)] for label, *ends in told],
        "hovertemplate": _("figure.agreement.hover.language"),
    }
    least = min(float(np.nanmin(low)), float(found.expected[at]))
    title = {"head": head_word(found.heads[at]), "reference": _reference(found, names)}
    return draw(
        [_expected(found, {0: found.heads[at]}, [at], look), points],
        look,
        title=_("figure.agreement.title.head", **title),
        subtitle="<br>".join([_size(found), _control(look), *origin(made)]),
        height=(rows[-1] + 1) * look.row,
        top=0.4 * look.font,
        bottom=3.4 * look.small,
        axes={
            "xaxis": share_axis(least, float(np.nanmax(high)), _("figure.agreement.axis.head")),
            "yaxis": _language_axis(rows, labels),
        },
    )


def _reference(found: Agreement, names: Mapping[str, str]) -> str:
    return escape(language_word(found.reference, names))


def _control(look: Look) -> str:
    return key([(look.text, STATE_SYMBOLS["noise"][1], _("figure.agreement.expected"))])


def _language_axis(rows: list[float], labels: list[str]) -> Settings:
    return {
        "range": [rows[-1] + 0.5, -0.5],
        "tickvals": rows,
        "ticktext": [f"<b>{labels[0]}</b>", *labels[1:]],
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }


def describe_agreement(
    agreement: Agreement, *, head: str | None = None, names: Mapping[str, str] | None = None
) -> str:
    """Return `agreement_bars` in words: who agrees most and least, beside the control.

    Raises:
        ValueError: a head that is not there.
    """
    if head is not None:
        return _describe_head(agreement, agreement.heads.index(head), names or {})
    high, low = int(np.argmax(agreement.pairwise)), int(np.argmin(agreement.pairwise))
    return _(
        "figure.agreement.alt",
        heads=len(agreement.heads),
        size=_size(agreement),
        high=head_word(agreement.heads[high]),
        high_percent=tenths(float(agreement.pairwise[high])),
        low=head_word(agreement.heads[low]),
        low_percent=tenths(float(agreement.pairwise[low])),
        expected_low=tenths(float(np.nanmin(agreement.expected))),
        expected_high=tenths(float(np.nanmax(agreement.expected))),
    )


def _describe_head(found: Agreement, at: int, names: Mapping[str, str]) -> str:
    others = _others(found)
    values = found.with_reference[at]
    high = max(others, key=lambda one: float(values[one]))
    low = min(others, key=lambda one: float(values[one]))
    return _(
        "figure.agreement.alt.head",
        head=head_word(found.heads[at]),
        reference=language_word(found.reference, names),
        high=language_word(found.languages[high], names),
        high_percent=tenths(float(values[high])),
        low=language_word(found.languages[low], names),
        low_percent=tenths(float(values[low])),
        pairwise=tenths(float(found.pairwise[at])),
        expected=tenths(float(found.expected[at])),
    )
