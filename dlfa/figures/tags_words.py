"""What tags say, in plain words: the names that were found, and where heads disagree."""

from collections.abc import Sequence

from dlfa.figures.words import head_word, plain
from dlfa.messages import _
from dlfa.results import BASELINE
from dlfa.results.taggings import Tagging

__all__ = ["differing", "kind_of_word", "tag_key", "tag_verdict", "unanswered"]

NAMED = 6  # words, or names, that are told one by one
LONGEST = 40  # characters of a name


def kind_of_word(kind: str) -> str:
    """Return what a tag means: ``"PER"`` a person; one that the catalogue lacks stands alone."""
    key = f"tag.kind.{kind}"
    return found if (found := _(key)) != key else plain(kind)


def tag_key(taggings: Sequence[Tagging], heads: Sequence[str]) -> dict[str, str]:
    """Return what the tags that occur mean, in the task's order.

    Args:
        taggings: at least one sentence's, by one model.
        heads: whose tags are seen.
    """
    seen = {tag for one in taggings for head in heads for tag in one.tags(head)}
    kinds = dict.fromkeys(label.rpartition("-")[2] for label in taggings[0].labels if label in seen)
    kinds.pop("O", None)
    return {kind: kind_of_word(kind) for kind in kinds}


def tag_verdict(taggings: Sequence[Tagging], heads: Sequence[str]) -> str:
    """Say what the baseline found, and which of the heads say something else.

    Args:
        taggings: at least one sentence's, by one model.
        heads: the baseline, if it is among them, first.
    """
    parts = [_found(taggings, heads[0])]
    if heads[0] == BASELINE and len(heads) > 1:
        parts.append(_apart(taggings, heads[1:]))
    return " ".join(parts)


def _found(taggings: Sequence[Tagging], head: str) -> str:
    if not taggings[0].entities:
        words = sum(len(one.spans) for one in taggings)
        return _("tag.verdict.tags", head=head_word(head), words=words)
    names = [
        (one.text[one.spans[entity.first, 0] : one.spans[entity.last, 1]], entity.kind)
        for one in taggings
        for entity in one.found(head)
    ]
    if not names:
        return _("tag.verdict.none", head=head_word(head))
    told = _told([f"{plain(name, LONGEST)} ({kind})" for name, kind in names], ", ")
    if len(names) == 1:
        return _("tag.verdict.names.one", head=head_word(head), names=told)
    return _("tag.verdict.names", head=head_word(head), count=len(names), names=told)


def _told(parts: Sequence[str], between: str) -> str:
    """Return the first few parts, and how many more there are."""
    more = len(parts) - NAMED
    return between.join([*parts[:NAMED], *([_("tag.more", count=more)] if more > 0 else [])])


def _apart(taggings: Sequence[Tagging], heads: Sequence[str]) -> str:
    words = sum(len(one.spans) for one in taggings)
    counts = {
        head: sum(int(one.differs(head, BASELINE).sum()) for one in taggings) for head in heads
    }
    told = ", ".join(
        _("tag.verdict.differ.head", head=head_word(head), count=count)
        for head, count in counts.items()
    )
    if not any(counts.values()):
        return _("tag.verdict.same", heads=", ".join(map(head_word, heads)))
    return _("tag.verdict.differ", counts=told, words=words)


def differing(tagging: Tagging, head: str) -> str:
    """Say how many words one head tags otherwise than the baseline, and the first of them.

    Returns:
        nothing for the baseline itself, and where there is none.
    """
    if head == BASELINE or BASELINE not in tagging.heads:
        return ""
    apart = tagging.differs(head, BASELINE)
    if not apart.any():
        return _("tag.same")
    rows = zip(tagging.words, tagging.tags(head), tagging.tags(BASELINE), apart, strict=True)
    named = [
        _("tag.differ.word", word=plain(word), tag=tag, baseline=before)
        for word, tag, before, other in rows
        if other
    ]
    told = _told(named, "; ")
    return _("tag.differ", differing=len(named), words=len(tagging.spans), told=told)


def unanswered(tagging: Tagging) -> list[str]:
    """Say which words have no answer, and why; nothing where all have one."""
    cut, missing = tagging.cut, ~tagging.answered & ~tagging.cut
    said = []
    if cut.any():
        said.append(_("tag.cut", count=int(cut.sum()), tokens=tagging.tokens))
    if missing.any():
        words = [plain(word) for word, none in zip(tagging.words, missing, strict=True) if none]
        said.append(_("tag.unseen", count=len(words), words=_told(words, ", ")))
    return said
