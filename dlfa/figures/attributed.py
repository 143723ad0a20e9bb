"""Running text in which each word shows what it adds to a score: HTML, not plotly.

A ground of colour, and a line that says the same without it: full under what speaks for the label,
dotted under what speaks against. What a visitor typed is escaped and keeps its own direction.
"""

import html
from collections.abc import Iterator, Sequence

from dlfa.figures.aligned import part_of_words
from dlfa.figures.attribution_words import signed
from dlfa.figures.palette import LABEL_COLOURS, Look
from dlfa.figures.words import head_word, runs_right_to_left
from dlfa.messages import _, of_task
from dlfa.results.attributions import Attribution

__all__ = ["AGAINST", "FOR", "attributed_style", "attributed_text", "strongest"]

FOR, AGAINST = LABEL_COLOURS["entailment"], LABEL_COLOURS["contradiction"]  # blue, vermilion
DEEPEST = 0.38  # opacity of the strongest word's ground: any ink reads on it
FAINT = 0.08  # of the strongest: weaker words have no line
WIDEST = 3.0  # px of a line
THINNEST = {"solid": 1.0, "dotted": 2.0}  # px: thinner dots run into a line
PARTS = ("premise", "hypothesis")
STEERING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
UNSEEN = {code: "\ufffd" for code in range(32) if chr(code) not in "\t\n"}

STYLE = """<style>
.attributed p {{ margin: 0 0 0.4rem; unicode-bidi: isolate; white-space: pre-wrap;
  overflow-wrap: anywhere; font-size: 1.05rem; line-height: 2; }}
.attributed .who {{ font-size: 0.875rem; margin: 0.6rem 0 0.1rem; color: {muted}; }}
.attributed .who b {{ color: {text}; }}
.attributed mark {{ color: inherit; padding: 0.12em 0.1em; border-radius: 0.2em;
  box-decoration-break: clone; -webkit-box-decoration-break: clone; }}
</style>"""


def attributed_style(look: Look) -> str:
    """Return the style sheet of `attributed_text`, once for a page."""
    return STYLE.format(muted=look.muted, text=look.text)


def strongest(found: Sequence[Attribution]) -> float:
    """Return the largest |score| of a word in any of them: what texts side by side share."""
    return max((float(abs(one.words).max()) for one in found if len(one.words)), default=0.0)


def attributed_text(found: Attribution, most: float, title: str = "") -> str:
    """Return who answers, from where to where, and both texts with their words coloured.

    Args:
        found: one attribution.
        most: the |score| with the deepest colour, see `strongest`.
        title: what stands before the head, such as a language; plain text.

    Returns:
        HTML, to stand in an element of the class ``attributed``, beside `attributed_style`.
    """
    who = " · ".join(filter(None, (title, head_word(found.head))))
    way = _("figure.attribution.way", start=signed(found.start), end=signed(found.end))
    lines = [f'<div class="who"><b>{_shown(who)}</b> {_shown(way)}</div>']
    for part, text in zip(PARTS, found.pair, strict=True):
        way = "rtl" if runs_right_to_left([text]) else "ltr"
        name = of_task(f"figure.segment.{part}", found.provenance.task)
        body = "".join(_marked(found, part, text, most))
        lines.append(f'<p dir="{way}" role="group" aria-label="{_shown(name)}">{body}</p>')
    return "".join(lines)


def _marked(found: Attribution, part: str, text: str, most: float) -> Iterator[str]:
    """Yield the text's pieces: words in their colours, and what stands between them."""
    done = 0
    scores = found.words
    for at, (word, where) in enumerate(
        zip(found.tokens.words, part_of_words(found.tokens), strict=True)
    ):
        if where != part:
            continue
        start = text.index(word, done)
        yield _shown(text[done:start])
        yield _word(word, float(scores[at]), most)
        done = start + len(word)
    yield _shown(text[done:])


def _word(word: str, score: float, most: float) -> str:
    share = abs(score) / most if most else 0.0
    colour, line = (FOR, "solid") if score >= 0 else (AGAINST, "dotted")
    tint = f"{colour}{round(255 * DEEPEST * share):02x}"
    style = f"background:{tint}"
    if share >= FAINT:
        thin = THINNEST[line]
        style += f";border-bottom:{thin + (WIDEST - thin) * share:.1f}px {line} {colour}"
    return f'<mark style="{style}" title="{signed(score)}">{_shown(word)}</mark>'


def _shown(text: str) -> str:
    return html.escape(text.translate(STEERING).translate(UNSEEN))
