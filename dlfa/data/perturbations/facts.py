"""Numbers and names that stand in both sentences: changed in both alike, or in one only.

Names are the given names of our own sentences, which say how each is written in which language, and
cities as Unicode's CLDR calls them. A name in an inflected form is not found; it is counted as
nothing to change, never half changed.
"""

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

import numpy as np
import regex
from babel import Locale, UnknownLocaleError

from dlfa.data.parallel import own_names
from dlfa.data.perturbations.kinds import Outcome, Reason
from dlfa.data.texts import SentencePair

__all__ = ["names", "numbers", "parted"]

BESIDE = r"\p{N}\p{Latin}\p{Cyrillic}\p{Greek}"  # F16 and 3D are words
NUMBER = regex.compile(rf"(?<![{BESIDE}])\p{{Nd}}+(?![{BESIDE}]|[.,:٫٬]\p{{Nd}})", regex.VERSION1)
YEAR = 4  # digits
UNSPACED = frozenset({"ja", "lo", "km", "my", "th", "zh"})
KANA = r"[\p{Katakana}ー]"
WOMEN = ("Anna", "Elena", "Lucia", "Maria", "Nina", "Sara")
MEN = ("Amir", "Daniel", "Leo", "Omar", "Ravi", "Tom")
CITIES = (
    "Africa/Cairo Africa/Nairobi America/New_York America/Toronto Asia/Baghdad Asia/Bangkok "
    "Asia/Calcutta Asia/Istanbul Asia/Seoul Asia/Shanghai Asia/Tehran Asia/Tokyo Europe/Athens "
    "Europe/Berlin Europe/Brussels Europe/Dublin Europe/Lisbon Europe/London Europe/Madrid "
    "Europe/Moscow Europe/Paris Europe/Prague Europe/Rome Europe/Sofia Europe/Vienna Europe/Warsaw"
).split()
"""Time zones whose cities people write about."""


def numbers(pair: SentencePair, language: str, generator: np.random.Generator) -> Outcome:
    """Change every number that stands in both sentences, in both alike."""
    shared = _shared(pair)
    taken = {number for text in pair for number in NUMBER.findall(text)}
    new: dict[str, str] = {}
    for number in shared:
        drawn = _drawn(number, taken, generator)
        if drawn:
            new[number] = drawn
            taken.add(drawn)
    if not new:
        return Reason.NOTHING
    first, second = (NUMBER.sub(lambda found: new.get(found[0], found[0]), text) for text in pair)
    return first, second


def parted(pair: SentencePair, language: str, generator: np.random.Generator) -> Outcome:
    """Change one number that stands in both sentences, in the second only."""
    taken = {number for text in pair for number in NUMBER.findall(text)}
    drawn = {number: _drawn(number, taken, generator) for number in _shared(pair)}
    usable = [number for number, new in drawn.items() if new]
    if not usable:
        return Reason.NOTHING
    old = usable[int(generator.integers(len(usable)))]
    return pair[0], NUMBER.sub(lambda found: drawn[old] if found[0] == old else found[0], pair[1])


def _shared(pair: SentencePair) -> list[str]:
    first, second = (NUMBER.findall(text) for text in pair)
    return [number for number in dict.fromkeys(first) if number in second]


def _drawn(number: str, taken: set[str], generator: np.random.Generator) -> str:
    """Return another number as long, in the same digits; empty for 1, whose noun would be wrong.

    Of longer ones the first digit stays, of those with four, which may be years, the first two.
    """
    zero = chr(ord(number[0]) - int(number[0]))
    if len(number) == 1:
        options = [f"{digit}" for digit in range(2, 10)] if int(number) > 1 else []
    else:
        kept = number[: 2 if len(number) == YEAR else 1]
        rest = len(number) - len(kept)
        tails = generator.integers(10 ** min(rest, 9), size=9)
        options = [f"{int(kept):0{len(kept)}}{tail:0{rest}}" for tail in tails]
    written = ["".join(chr(ord(zero) + int(digit)) for digit in one) for one in options]
    fit = [one for one in written if one not in taken]
    return fit[int(generator.integers(len(fit)))] if fit else ""


def names(pair: SentencePair, language: str, generator: np.random.Generator) -> Outcome:
    """Change given names and cities that stand in both sentences, in both alike."""
    groups = _groups(language)
    if not groups:
        return Reason.LANGUAGE
    new: dict[str, str] = {}
    for group in groups:
        there = [name for name in group if any(_holds(text, name, language) for text in pair)]
        fresh = [name for name in group if name not in there]
        order = generator.permutation(len(fresh)).tolist()
        both = [name for name in there if all(_holds(text, name, language) for text in pair)]
        new |= {name: fresh[at] for name, at in zip(both, order, strict=False)}
    if not new:
        return Reason.NOTHING
    pattern = _pattern(tuple(new), language)
    first, second = (pattern.sub(lambda found: new[found[0]], text) for text in pair)
    return first, second


def _holds(text: str, name: str, language: str) -> bool:
    return _pattern((name,), language).search(text) is not None


@lru_cache(maxsize=1_000)  # texts name ever other sets of them
def _pattern(some: tuple[str, ...], language: str) -> regex.Pattern[str]:
    words = _either(some)
    if language not in UNSPACED:
        beside = r"[\p{L}\p{M}\p{N}]"
        return regex.compile(rf"(?<!{beside})(?:{words})(?!{beside})")
    kana = rf"(?<!{KANA})" if language == "ja" else ""  # the names are in it, particles are not
    found = rf"{kana}(?:{words}){kana.replace('<', '')}"
    longer = [one for one in _known(language) if any(name in one for name in some if name != one)]
    return regex.compile(rf"(?:{_either(longer)})(*SKIP)(*FAIL)|{found}" if longer else found)


def _either(some: Iterable[str]) -> str:
    return "|".join(map(regex.escape, sorted(some, key=len, reverse=True)))


@cache
def _known(language: str) -> frozenset[str]:
    """Return names that another one may be a part of: in Chinese, Berlin is of Dublin.

    Ours, and those of countries, languages and cities as CLDR has them.
    """
    own = {name for group in _groups(language) for name in group}
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return frozenset(own)
    cities = {zone["city"] for zone in locale.time_zones.values() if "city" in zone}
    return frozenset(own | cities | {*locale.territories.values(), *locale.languages.values()})


@cache
def _groups(language: str) -> tuple[tuple[str, ...], ...]:
    """Return names of one kind each: of women, of men, of cities."""
    written = own_names(language)
    people = (tuple(written[name] for name in kind if name in written) for kind in (WOMEN, MEN))
    return tuple(group for group in (*people, _cities(language)) if len(group) > 1)


def _cities(language: str) -> tuple[str, ...]:
    try:
        told: Mapping[str, Mapping[str, str]] = Locale.parse(language).time_zones
    except (UnknownLocaleError, ValueError):
        return ()
    usual = {zone: zone.rpartition("/")[2].replace("_", " ") for zone in CITIES}
    return tuple(dict.fromkeys(told.get(zone, {}).get("city", usual[zone]) for zone in CITIES))
