"""Perturbations: deterministic, true to what they promise, honest about what they cannot handle."""

from collections import Counter

import pytest

NAMES = (
    "typos keys upper lower initials unmarked marked accents invisible homoglyphs names numbers "
    "switched negated parted swapped shuffled identity"
).split()
every = pytest.mark.parametrize("name", NAMES)
UNCASED = {"ar", "hi", "th", "ur", "zh", "ja", "ko"}


def own(task: str) -> list:
    from dlfa.analysis.examples import built_in
    from dlfa.data.tasks import TASKS

    return built_in(TASKS[task])


@pytest.fixture(scope="module")
def examples() -> list:
    """Our own pairs of both tasks, in seventeen languages."""
    return [*own("xnli"), *own("paws-x")]


def of(name: str):
    from dlfa.data.perturbations import perturbation

    return perturbation(name)


def made(name: str, pair: tuple[str, str], language: str = "en", **about: object):
    from dlfa.data.perturbations import perturb

    return perturb(pair, of(name), language=language, **about)


def test_the_list_is_what_is_tested_here():
    from dlfa.data.perturbations import PERTURBATIONS

    assert list(PERTURBATIONS) == NAMES
    assert all(one.keeps for one in PERTURBATIONS.values())


@every
class TestEveryPerturbation:
    def test_is_the_same_for_the_same_seed_whatever_stands_beside(self, name, examples):
        from dlfa.data.perturbations import perturb_all

        whole = perturb_all(examples, of(name), seed=3)
        again = perturb_all(examples[::-1][: len(examples) // 2], of(name), seed=3)
        known = {(one.id, one.language): one.pair for one in whole.examples}
        assert all(known[one.id, one.language] == one.pair for one in again.examples)

    def test_keeps_what_it_says_it_keeps(self, name, examples):
        from dlfa.data.perturbations import perturb_all
        from dlfa.data.perturbations.kept import broken

        before = {(one.id, one.language): one.pair for one in examples}
        for one in perturb_all(examples, of(name)).examples:
            pair = before[one.id, one.language]
            assert broken(pair, one.pair, of(name).keeps, one.language) == [], (pair, one.pair)

    def test_never_counts_an_unchanged_pair_as_perturbed(self, name, examples):
        from dlfa.data.perturbations import perturb_all

        before = {(one.id, one.language): one.pair for one in examples}
        changed = [
            one.pair != before[one.id, one.language]
            for one in perturb_all(examples, of(name)).examples
        ]
        assert changed
        assert all(changed) is (name != "identity")

    def test_counts_every_pair_that_it_cannot_handle(self, name, examples):
        from dlfa.data.perturbations import perturb_all

        found = perturb_all(examples, of(name))
        left = {code: sum(each.values()) for code, each in found.left_out.items()}
        handled = Counter(one.language for one in found.examples)
        asked = Counter(one.language for one in examples)
        assert asked == handled + Counter(left)

    def test_leaves_everything_but_the_texts_as_it_was(self, name, examples):
        from dataclasses import replace

        from dlfa.data.perturbations import perturb_all

        before = {(one.id, one.language): one for one in examples}
        for one in perturb_all(examples, of(name)).examples:
            assert (
                replace(one, pair=before[one.id, one.language].pair) == before[one.id, one.language]
            )

    @pytest.mark.parametrize("text", ["", " ", "…", "7", "🙂", "a", "\u200b", "script", "nothing"])
    def test_takes_any_text(self, name, text):
        found = made(name, (text, text))
        assert (found.pair is None) == (found.reason is not None)


class TestOtherSeeds:
    @pytest.mark.parametrize("name", ["typos", "keys", "invisible", "homoglyphs", "shuffled"])
    def test_change_something_else(self, name, examples):
        from dlfa.data.perturbations import perturb_all

        one, other = (perturb_all(examples, of(name), seed=seed).examples for seed in (0, 1))
        pairs = zip(one, other, strict=True)
        assert sum(first.pair != second.pair for first, second in pairs) > len(one) / 2


class TestWhatCannotBeHandled:
    @pytest.mark.parametrize("name", ["upper", "lower", "initials"])
    def test_scripts_without_case(self, name, examples):
        from dlfa.data.perturbations import perturb_all

        left = perturb_all(examples, of(name)).left_out
        assert {code for code, each in left.items() if "script" in each} == UNCASED

    def test_chinese_is_not_typed_letter_by_letter(self):
        assert made("typos", ("我们走吧。", "他们走了。"), "zh").reason == "script"

    def test_vowel_signs_are_no_accents(self):
        assert made("accents", ("किताब", "लड़का"), "hi").reason == "script"

    def test_no_keyboard_no_neighbour(self):
        assert made("keys", ("किताबें पढ़ो", "लड़का"), "hi").reason == "language"

    def test_no_template_no_denial(self):
        assert made("negated", ("Bonan tagon.", "Ne."), "eo").reason == "language"

    def test_a_number_of_one_sentence_only_is_left_alone(self):
        assert made("numbers", ("3 dogs and 4 cats", "some dogs")).reason == "nothing"

    def test_half_of_an_inflected_name_is_not_changed(self):
        pair = ("Анна спит.", "Врач видит Анну.")
        assert made("names", pair, "ru").reason == "nothing"


class TestForms:
    def test_turkish_has_two_letters_i(self):
        assert made("upper", ("izin ılık", "a"), "tr").pair == ("İZİN ILIK", "A")
        assert made("lower", ("IŞIK İN", "A"), "tr").pair == ("ışık in", "a")
        assert made("upper", ("izin", "a"), "en").pair == ("IZIN", "A")

    def test_marks_inside_words_and_numbers_stay(self):
        pair = ("Don't, he said; it's 3.5 (or so)!", "Well-known?")
        assert made("unmarked", pair).pair == ("Don't he said it's 3.5 or so", "Well-known")

    @pytest.mark.parametrize(
        ("language", "text", "bare"),
        [
            ("zh", "你好，世界。今天3.5度，“很好”！", "你好世界今天3.5度很好"),
            ("ja", "「はい」と、ジョン・レノンは言った。", "はいとジョン・レノンは言った"),
            ("hi", "वह गया। क्या?", "वह गया क्या"),
            ("ur", "وہ گیا۔ کیا؟", "وہ گیا کیا"),
        ],
    )
    def test_marks_go_in_every_script(self, language, text, bare):
        assert made("unmarked", (text, text), language).pair == (bare, bare)

    def test_another_way_to_compose_a_letter_is_no_accent_less(self):
        pair = ("\u0958लम A", "cafe")  # NFC takes the nukta apart
        assert made("accents", pair, "hi").reason == "nothing"

    def test_accents_go_and_letters_stay(self):
        pair = ("Łódź, naïve façade, Đà Nẵng", "ёлка и йод, Ήλιος")
        assert made("accents", pair).pair == ("Lodz, naive facade, Da Nang", "елка и йод, Ηλιος")


class TestFacts:
    def test_a_number_changes_in_both_alike_and_to_no_other_that_is_there(self):
        pair = ("He won 100 m, not 200 m.", "He won 100 m and lost 200 m.")
        found = made("numbers", pair).pair
        numbers = [[word for word in text.split() if word.isdigit()] for text in found]
        assert numbers[0] == numbers[1]
        assert len(set(numbers[0])) == 2
        assert not {"100", "200"} & set(numbers[0])

    def test_digits_stay_in_their_script(self):
        found = made("numbers", ("लड़का ४५ साल", "४५ साल"), "hi").pair
        assert all("०" <= one <= "९" for text in found for one in text if one.isdigit())

    @pytest.mark.parametrize(
        ("year", "language"), [("1969", "en"), ("2008", "zh"), ("१९६९", "hi"), ("0042", "en")]
    )
    def test_a_year_stays_in_its_century(self, year, language):
        for seed in range(20):
            found, _same = made("numbers", (f"({year})",) * 2, language, seed=seed).pair
            assert found != f"({year})"
            assert found[1:3] == year[:2]
            assert len(found) == len(year) + 2

    def test_another_number_stands_in_the_second_only(self):
        pair = ("The lake is 40 km away.", "It is 40 km to the lake.")
        found = made("parted", pair).pair
        assert found[0] == pair[0]
        assert found[1] != pair[1]

    def test_a_name_changes_in_both_alike(self):
        found = made("names", ("Elena went to Paris.", "In Paris Elena slept.")).pair
        name, city = found[0].split()[0], found[0].split("to ")[1].rstrip(".")
        assert found[1] == f"In {city} {name} slept."
        assert (name, city) != ("Elena", "Paris")

    @pytest.mark.parametrize(
        ("language", "pair"),
        [
            ("zh", ("罗马尼亚很美。", "我去了罗马尼亚。")),  # Romania; 罗马 is Rome
            ("th", ("โรมาเนียสวย", "ฉันไปโรมาเนีย")),  # the same
            (
                "ja",
                ("ソウルミュージックを聞く。", "ソウルミュージック"),
            ),  # soul music; ソウル is Seoul
        ],
    )
    def test_a_part_of_a_longer_name_is_none(self, language, pair):
        assert made("names", pair, language).reason == "nothing"

    def test_of_two_names_the_longer_one_is_meant(self):
        found = made(
            "names", ("他住在都柏林。", "都柏林很大。"), "zh"
        ).pair  # Dublin; 柏林 is Berlin
        city = found[0].removeprefix("他住在").removesuffix("。")
        assert "都" not in city
        assert found[1] == f"{city}很大。"

    def test_a_switched_word_is_of_another_language_of_the_list(self):
        import json

        from dlfa.data.perturbations.switched import LEXICON

        rows = [json.loads(line) for line in LEXICON.read_text(encoding="utf-8").splitlines()]
        assert all(set(row["text"]) == set(rows[0]["text"]) for row in rows)
        found = made("switched", ("The water is cold.", "No.")).pair
        (water,) = (row["text"] for row in rows if row["id"] == "water")
        word = found[0].removeprefix("The ").removesuffix(" is cold.")
        assert word in {forms[0] for code, forms in water.items() if code != "en"}

    def test_a_switched_word_is_known_by_its_languages_own_capitals(self):
        for pair in (("TİYATRO", "kapalı"), ("SINAV", "zor")):
            found = made("switched", pair, "tr").pair
            assert found[0] != pair[0]
            assert found[1] == pair[1]
        assert made("switched", ("CIFTÇI", "TIYATRO"), "tr").reason == "nothing"  # not Turkish

    @pytest.mark.parametrize(
        ("language", "pair"),
        [("sw", ("Leo analala.", "Leo ni mrefu.")), ("de", ("Bis morgen!", "Wir essen."))],
    )
    def test_a_name_or_a_verb_that_looks_like_a_listed_word_is_not_switched(self, language, pair):
        assert made("switched", pair, language).reason == "nothing"


class TestExpectations:
    NLI = ("entailment", "neutral", "contradiction")
    PAWS = ("different", "paraphrase")

    def names(self, rule, label, labels):
        from dlfa.data.perturbations import expected

        found = expected(rule, label, labels)
        return None if found is None else {labels[at] for at in found}

    @pytest.mark.parametrize(
        ("rule", "label", "right"),
        [
            ("same", "neutral", {"neutral"}),
            ("negated", "entailment", {"contradiction"}),
            ("negated", "neutral", {"neutral"}),
            ("negated", "contradiction", {"entailment"}),
            ("mirrored", "contradiction", {"contradiction"}),
            ("mirrored", "entailment", None),
            ("mirrored", "neutral", None),
            ("parted", "entailment", {"neutral", "contradiction"}),
            ("parted", "neutral", None),
            ("none", "entailment", None),
        ],
    )
    def test_of_inference_are_what_follows(self, rule, label, right):
        assert self.names(rule, label, self.NLI) == right

    @pytest.mark.parametrize(
        ("rule", "label", "right"),
        [
            ("same", "different", {"different"}),
            ("mirrored", "paraphrase", {"paraphrase"}),
            ("negated", "paraphrase", {"different"}),
            ("negated", "different", None),
            ("parted", "paraphrase", {"different"}),
        ],
    )
    def test_of_paraphrases_are_what_follows(self, rule, label, right):
        assert self.names(rule, label, self.PAWS) == right


def test_an_unknown_name_is_told_with_those_there_are():
    from dlfa.data.perturbations import chosen
    from dlfa.errors import InputError

    with pytest.raises(InputError, match="typos"):
        chosen(["tpyos"])
    with pytest.raises(InputError):
        chosen([])
    assert [one.name for one in chosen(["swapped", "typos"])] == ["typos", "swapped"]


def test_a_pair_that_grows_too_long_is_left_out_and_counted():
    from dlfa.data.labelled import Labelled
    from dlfa.data.perturbations import Reason, perturb, perturb_all, perturbation
    from dlfa.policy import policy

    how = perturbation("invisible")
    text = "ab " * (policy().max_characters // 3)
    assert len(text) <= policy().max_characters
    assert perturb((text, text), how, language="en").reason is Reason.LONG
    found = perturb_all([Labelled("one", "en", 0, (text, text), "one")], how)
    assert (found.examples, found.left_out) == ((), {"en": {"long": 1}})
