"""Running text with what one head says of its words: HTML, not plotly.

Names are marks in the text, each with its kind beside it; other tags stand under their words. A
word that the baseline tags otherwise has a wavy line. Nothing is said by a colour alone. What a
visitor typed is escaped, keeps its spaces and cannot turn the direction of what stands around it.
"""

import html
import unicodedata
from collections.abc import Iterator
from itertools import cycle, groupby
from typing import Literal

from dlfa.figures.palette import OTHER_COLOURS, Look
from dlfa.figures.tags_words import differing
from dlfa.figures.words import head_word
from dlfa.results import BASELINE
from dlfa.results.taggings import Entity, Tagging

__all__ = ["Direction", "tag_colours", "tag_style", "tagged_text"]

Direction = Literal["ltr", "rtl"]

TINT = "38"  # of 255: how much of a colour lies behind a name, so that any ink reads on it
GLUE = "\u2060"  # no line ends between a name and its kind
STEERING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
UNSEEN = {code: "\ufffd" for code in range(32) if chr(code) not in "\t\n"}

# The names of classes are the page's own (`.tagged`): nothing else is touched.
STYLE = """<style>
.tagged p {{ margin: 0; unicode-bidi: isolate; white-space: pre-wrap; overflow-wrap: anywhere;
  font-size: 1.05rem; line-height: 2.05; }}
.tagged:focus-visible {{ outline: 2px solid {text}; outline-offset: 2px; }}
.tagged .who {{ font-size: 0.875rem; margin: 0.7rem 0 0.1rem; color: {muted}; }}
.tagged .who b {{ color: {text}; }}
.tagged mark {{ color: inherit; background: none; padding: 0.15em 0.25em; border-radius: 0.3em;
  box-decoration-break: clone; -webkit-box-decoration-break: clone; }}
.tagged .kind {{ font-size: 0.72rem; font-weight: 700; unicode-bidi: isolate; user-select: none;
  margin-inline-start: 0.4em; }}
.tagged .otherwise {{ text-decoration: underline wavy {text} 1.5px;
  text-underline-offset: 0.28em; }}
.tagged .none {{ color: {muted}; text-decoration: line-through; }}
.tagged .word {{ display: inline-flex; flex-direction: column; align-items: center;
  vertical-align: top; line-height: 1.35; padding: 0 0.1em 0.45em; white-space: pre; }}
.tagged .word small {{ font-size: 0.72rem; font-weight: 600; color: {muted}; user-select: none;
  direction: ltr; margin-top: 0.35em; }}
.tagged .word.otherwise {{ text-decoration: none; }}
.tagged .word.otherwise > span {{ text-decoration: underline wavy {text} 1.5px;
  text-underline-offset: 0.15em; }}
.tagged .word.otherwise small {{ color: {text}; outline: 1px solid {muted}; border-radius: 0.2em;
  padding: 0 0.25em; }}
.tagged .run {{ unicode-bidi: isolate; }}
.tagged .number {{ font-weight: 600; margin-top: 1rem; }}
</style>"""


def tag_style(look: Look) -> str:
    """Return the style sheet of `tagged_text`, once for a page."""
    return STYLE.format(muted=look.muted, text=look.text)


def tag_colours(tagging: Tagging) -> dict[str, str]:
    """Return each kind of name's colour, ``#RRGGBB``; nothing where no names are marked."""
    kinds = dict.fromkeys(label.partition("-")[2] for label in tagging.labels)
    kinds.pop("", None)
    return dict(zip(kinds, cycle(OTHER_COLOURS), strict=False))


def tagged_text(tagging: Tagging, head: str, direction: Direction) -> str:
    """Return who tags a sentence, how far from the baseline, and the running text with the tags.

    Args:
        tagging: of one sentence.
        head: whose tags; where it is not the baseline, what differs from that is marked.
        direction: which way the text is written.

    Returns:
        HTML, to stand in an element of the class ``tagged``, beside `tag_style`.

    Raises:
        ValueError: a head that did not answer.
    """
    who, what = html.escape(head_word(head)), html.escape(differing(tagging, head))
    body = _marked(tagging, head) if tagging.entities else _stacked(tagging, head, direction)
    return f'<div class="who"><b>{who}</b> {what}</div><p dir="{direction}">{body}</p>'


def _marked(tagging: Tagging, head: str) -> str:
    """Return the text with names as marks; the spaces inside a name belong to it."""
    starts = {entity.first: entity for entity in tagging.found(head)}
    ends = {entity.last: entity for entity in starts.values()}
    colours = tag_colours(tagging)
    parts = []
    for at, (gap, word, classes) in enumerate(_pieces(tagging, head)):
        parts.append(gap)
        if at in starts:
            parts.append(_opened(starts[at], colours))
        parts.append(f'<span class="{classes}">{word}</span>' if classes else word)
        if at in ends:
            kind = html.escape(ends[at].kind)
            parts.append(f'<span class="kind">{GLUE}{kind}</span></mark>')
    return "".join(parts) + _shown(tagging.text[_end(tagging) :])


def _opened(entity: Entity, colours: dict[str, str]) -> str:
    colour = colours[entity.kind]
    return f'<mark style="background:{colour}{TINT};border-bottom:2px solid {colour}">'


def _stacked(tagging: Tagging, head: str, direction: Direction) -> str:
    """Return the words with their tags under them.

    Each word is a box, and boxes know no direction: those of a run that is written the other way
    than the text, such as an English name in Arabic, are put into an element of its direction.
    """
    tags = [html.escape(tag) or "–" for tag in tagging.tags(head)]
    boxes = [
        (gap, f'<span class="word {classes}"><span>{word}</span><small>{tag}</small></span>')
        for (gap, word, classes), tag in zip(_pieces(tagging, head), tags, strict=True)
    ]
    ways = _ways(tagging.words, direction)
    parts = []
    for way, run in groupby(range(len(boxes)), key=ways.__getitem__):
        first, *others = (boxes[at] for at in run)
        inside = first[1] + "".join(gap + box for gap, box in others)
        turned = f'<span class="run" dir="{way}">{inside}</span>' if way != direction else inside
        parts.append(first[0] + turned)
    return "".join(parts) + _shown(tagging.text[_end(tagging) :])


def _pieces(tagging: Tagging, head: str) -> Iterator[tuple[str, str, str]]:
    """Yield what stands before each word, the word, and the names of its classes."""
    lead = BASELINE if BASELINE in tagging.heads else head
    otherwise, answered = tagging.differs(head, lead), tagging.answered
    done = 0
    for at, (start, end) in enumerate(tagging.spans.tolist()):
        classes = "otherwise" if otherwise[at] else "" if answered[at] else "none"
        yield _shown(tagging.text[done:start]), _shown(tagging.text[start:end]), classes
        done = end


def _end(tagging: Tagging) -> int:
    return int(tagging.spans[-1, 1]) if len(tagging.spans) else 0


def _shown(text: str) -> str:
    return html.escape(text.translate(STEERING).translate(UNSEEN))


def _ways(words: tuple[str, ...], direction: Direction) -> list[Direction]:
    """Return each word's direction, as Unicode's UAX #9 has it.

    A number goes with the letters before it; what has neither goes with equal neighbours.
    """
    own: list[Direction | None] = []
    last = direction  # of the last letters
    for word in words:
        own.append(_way(word, last))
        last = own[-1] or last
    ways: list[Direction] = []
    for at, way in enumerate(own):
        before = ways[-1] if ways else direction
        after = next((one for one in own[at:] if one), direction)
        ways.append(way or (before if before == after else direction))
    return ways


def _way(word: str, last: Direction) -> Direction | None:
    kinds = {unicodedata.bidirectional(character) for character in word}
    if kinds & {"R", "AL"}:
        return "rtl"
    if "L" in kinds:
        return "ltr"
    return last if kinds & {"EN", "AN"} else None
