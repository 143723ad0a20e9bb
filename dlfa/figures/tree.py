"""Which languages lie together in a space: a tree over a heat map, families marked."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.frame import Settings, colour_bar, draw, origin
from dlfa.figures.heat import heat
from dlfa.figures.joints import joints, leaf_order
from dlfa.figures.map_controls import entry_width, key_height, legend
from dlfa.figures.palette import SEQUENTIAL, Look, ink
from dlfa.figures.scores import language_word, p_word
from dlfa.figures.spaces import space_word
from dlfa.figures.tree_words import family_letters, family_word, level_word, tree_place
from dlfa.figures.words import decimals, escape
from dlfa.messages import _
from dlfa.results import LanguageTree

__all__ = ["language_tree"]

CELL = 0.85  # of a usual row
LEAST = 8  # rows that the heat map is high at least
CROWN = 120.0  # px of the tree
GAP = 1.9  # letters between the tree and the heat map


def language_tree(
    tree: LanguageTree,
    look: Look,
    *,
    space: str = "",
    names: Mapping[str, str] | None = None,
    level: str = "family",
) -> go.Figure:
    """Draw how far the languages' centroids lie apart in one space, and how they cluster.

    Args:
        tree: of at least two languages.
        look: light or dark, desk or projector.
        space: which; empty: the first.
        names: language code -> name; a code without one stands for itself.
        level: what the tree's families are: ``"family"`` or ``"branch"``.

    Returns:
        average linkage above a heat map of 1 − cosine on one scale for all spaces, languages in
        the tree's order; a letter and a colour for each family.

    Raises:
        ValueError: a space that is not there.
    """
    at, names = tree_place(tree, space), names or {}
    order = leaf_order(tree.linkage[at])
    side = CELL * look.row * max(LEAST, len(order))
    total = CROWN + GAP * look.font + side
    letters = family_letters(tree)
    keys = list(_keys(tree, letters, look))
    words = [trace["name"] for trace in keys]
    bar, down = 5.2 * look.small, 1.6 * look.small
    beside = entry_width([language_word(code, names) for code in tree.languages], look)
    return draw(
        [
            _crown(tree, at, look),
            _letters(tree, order, letters, look),
            _map(tree, at, order, names),
            *keys,
        ],
        look,
        title=_("figure.tree.title", space=space_word(tree.spaces[at])),
        subtitle="<br>".join(
            [
                _("figure.tree.subtitle", level=level_word(level)),
                _agreement(tree, at, level),
                *origin(tree.provenance),
            ]
        ),
        height=total,
        top=0.4 * look.font,
        bottom=bar + key_height(words, look, beside) + down,
        axes=_axes(tree, at, order, names, side / total, CROWN / total),
        coloraxis=_colours(tree, look),
        showlegend=True,
        legend=legend(look, total, "", words, down=down, clicks=False),
    )


def _crown(tree: LanguageTree, at: int, look: Look) -> Settings:
    """Return the tree's branches as one line, with a gap after each joint."""
    corners = joints(tree.linkage[at])
    gaps = np.full((len(corners), 1, 2), np.nan)
    line = np.concatenate([corners, gaps], 1).reshape(-1, 2)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": line[:, 0],
        "y": line[:, 1],
        "yaxis": "y2",
        "line": {"color": look.text, "width": 1.4},
        "hovertemplate": _("figure.tree.hover.joint"),
        "customdata": line[:, 1].tolist(),
        "showlegend": False,
    }


def _letters(
    tree: LanguageTree, order: Sequence[int], letters: Mapping[str, str], look: Look
) -> Settings:
    """Return each language's family below its branch: a letter on a square in its colour."""
    families = [tree.families[leaf] for leaf in order]
    colours = [_ink(family, letters, look) for family in families]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": np.arange(len(order)),
        "y": np.zeros(len(order)),
        "yaxis": "y3",
        "marker": {"symbol": "square", "size": look.small + 4, "color": colours},
        "text": [letters[family] for family in families],
        "textfont": {"size": look.small, "color": [ink(colour) for colour in colours]},
        "cliponaxis": False,
        "customdata": [
            [escape(tree.languages[leaf]), family_word(tree.families[leaf])] for leaf in order
        ],
        "hovertemplate": _("figure.tree.hover.family"),
        "showlegend": False,
    }


def _ink(family: str, letters: Mapping[str, str], look: Look) -> str:
    return look.kinds[list(letters).index(family) % len(look.kinds)]


def _keys(tree: LanguageTree, letters: Mapping[str, str], look: Look) -> list[Settings]:
    """Return traces without points that say what the letters mean."""
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [None],
            "y": [None],
            "name": f"{letter} {family_word(family)}",
            "marker": {"symbol": "square", "size": 9, "color": _ink(family, letters, look)},
            "hoverinfo": "skip",
        }
        for family, letter in letters.items()
    ]


def _map(tree: LanguageTree, at: int, order: Sequence[int], names: Mapping[str, str]) -> Settings:
    rows = list(order)
    words = [escape(language_word(tree.languages[leaf], names)) for leaf in rows]
    notes = [[[one, other] for other in words] for one in words]
    cells = heat(tree.distances[at][np.ix_(rows, rows)], _("figure.tree.hover"))
    return cells | {"customdata": notes, "xgap": 1, "ygap": 1, "showlegend": False}


def _colours(tree: LanguageTree, look: Look) -> Settings:
    """Return one scale for all spaces: a layer that pulls languages together looks it."""
    return {
        "colorscale": SEQUENTIAL,
        "reversescale": True,
        "cmin": 0.0,
        "cmax": max(0.1, float(tree.distances.max())),
        "colorbar": colour_bar(look, _("figure.tree.axis")) | {"nticks": 5},
    }


def _agreement(tree: LanguageTree, at: int, level: str) -> str:
    if np.isnan(tree.agreement[at]):
        return _("figure.tree.agreement.none")
    about = {"agreement": decimals(float(tree.agreement[at]), 2), "p": p_word(float(tree.p[at]))}
    return _("figure.tree.agreement", level=level_word(level), **about)


def _axes(
    tree: LanguageTree,
    at: int,
    order: Sequence[int],
    names: Mapping[str, str],
    below: float,
    crown: float,
) -> dict[str, Settings]:
    """Return the axes: languages along both sides, and the tree's heights above."""
    places = list(range(len(order)))
    still = {"showgrid": False, "fixedrange": True, "tickvals": places}
    codes = [escape(tree.languages[leaf]) for leaf in order]
    words = [escape(language_word(tree.languages[leaf], names)) for leaf in order]
    edge = [-0.5, len(order) - 0.5]
    heights = {"range": [0, 1.05 * float(tree.linkage[at][:, 2].max()) or 1.0]}
    return {
        "xaxis": still | {"range": edge, "ticktext": codes, "tickangle": 0, "anchor": "y"},
        "yaxis": still
        | {"range": edge[::-1], "ticktext": words, "automargin": True, "domain": [0, below]},
        "yaxis2": heights
        | {"domain": [1 - crown, 1], "anchor": "x", "nticks": 3, "fixedrange": True},
        "yaxis3": {"domain": [below, 1 - crown], "anchor": "x", "range": [-1, 1], "visible": False}
        | {"fixedrange": True},
    }
