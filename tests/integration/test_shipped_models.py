"""All four shipped models: small, measured whole, and answering in five languages."""

from pathlib import Path

import pytest

ASSETS = Path(__file__).parents[2] / "assets"
MODELS = ("e5-small-ner", "e5-small-paws-x", "e5-small-pos", "e5-small-xnli")
FIVE = ("en", "de", "ar", "ru", "zh")


@pytest.fixture(scope="module", params=MODELS)
def model(request):
    from dlfa.analysis.predict import load

    return request.param, load(request.param)


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def test_they_are_four_and_small_enough_to_ship() -> None:
    from dlfa.analysis.predict import available

    assert available() == MODELS
    sizes = [size(ASSETS / "checkpoints" / name) for name in MODELS]
    assert max(sizes) <= 18_000_000
    assert sum(sizes) <= 60_000_000


@pytest.mark.parametrize(
    "record", [*MODELS, "e5-small-pos-pud"], ids=lambda name: name.removeprefix("e5-small-")
)
def test_each_was_measured_whole_with_all_its_heads(record: str) -> None:
    from dlfa.analysis import records
    from dlfa.data.tasks import task
    from dlfa.model.checkpoints import digest
    from dlfa.results import head_names

    told = records.read_summary(ASSETS / "results" / record)
    settings, made = told["settings"], told["provenance"]
    known = task(settings["task"])
    assert made["checkpoint"] == digest(ASSETS / "checkpoints" / record.removesuffix("-pud"))
    assert made["dtype"] == "float32"
    assert settings["limit"] is None
    assert tuple(told["heads"]) == head_names(12)
    if settings["split"] not in known.further:  # of which the source may hold some only
        assert set(told["summary"]) | set(settings.get("absent", ())) == set(known.languages)


@pytest.mark.slow
def test_every_head_answers_in_five_languages(model) -> None:
    name, predictor = model
    if predictor.tagging:
        answers = tagged(predictor)
        heads = {tagging.heads for tagging in answers.values()}
    else:
        answers = predicted(predictor)
        heads = {tuple(one.head for one in row) for row in answers.values()}
        for row in answers.values():
            assert all(sum(one.probabilities) == pytest.approx(1, abs=1e-5) for one in row)
    assert len(answers) == len(FIVE)
    assert heads == {predictor.heads}, name


def predicted(predictor):
    from dlfa.data.parallel import own_items

    item = own_items(predictor.model.config.task)[0]
    codes = [code for code in FIVE if code in item.text]
    if len(codes) < len(FIVE):  # PAWS-X speaks no Arabic and no Russian
        codes = list(item.text)[: len(FIVE)]
    rows = predictor.predict([item.text[code] for code in codes])
    return dict(zip(codes, rows, strict=True))


def tagged(predictor):
    from dlfa.analysis.tag import tag
    from dlfa.data.own_sentences import own_sentences

    item = own_sentences()[0]
    return dict(zip(FIVE, tag(predictor, [item.text[code] for code in FIVE]), strict=True))


def labels(tagging, head: str = "baseline") -> list[str]:
    scores = tagging.probabilities[tagging.heads.index(head)]
    return [tagging.labels[int(at)] for at in scores.argmax(-1)]


@pytest.mark.slow
def test_names_are_found_in_languages_it_saw_no_labels_for() -> None:
    """Maria Rossi works for Siemens in Berlin."""
    from dlfa.analysis.predict import load

    found = {code: labels(one) for code, one in tagged(load("e5-small-ner")).items()}
    for code in ("en", "de", "ru"):
        assert {"PER", "LOC"} <= {label[2:] for label in found[code]}, found[code]


@pytest.mark.slow
def test_words_have_their_part_of_speech_in_five_languages() -> None:
    from dlfa.analysis.predict import load

    for code, one in tagged(load("e5-small-pos")).items():
        found = labels(one)
        assert "VERB" in found or code == "zh", (code, found)
        assert "PROPN" in found, (code, found)
        assert found[-1] == "PUNCT", (code, found)
