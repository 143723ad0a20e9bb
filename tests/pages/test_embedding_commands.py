"""The command beside a view of the page Embeddings: it runs, and gives the numbers shown."""

import json
import shlex
from pathlib import Path

import numpy as np
import pytest

from tests.pages.test_embeddings import FEW, embeddings, patient, upload
from tests.pages.visitor import messages

__all__ = ["embeddings", "patient"]  # fixtures

VIEWS = [
    ("measure_of", {"spaces": "measures", "measure": "p_at_1"}),
    ("measure_of", {"spaces": "measures", "measure": "cka", "over": "all", "centred": "1"}),
    ("measure_of", {"spaces": "measures", "measure": "silhouette-label"}),
    ("probe_of_language", {"spaces": "probes"}),
    ("tree_of", {"spaces": "languages", "level": "branch"}),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from tests.integration.tiny import save_encoder

    return str(save_encoder(tmp_path_factory.mktemp("encoder") / "tiny"))


@pytest.fixture
def shown(monkeypatch):
    """Collect what the views show."""
    from dlfa.ui.embeddings import measure_view, probe_view, tree_view

    found = []
    for module, name in (
        (measure_view, "measure_of"),
        (probe_view, "probe_of_language"),
        (probe_view, "probe_of_words"),
        (tree_view, "tree_of"),
    ):
        make = getattr(module, name)
        monkeypatch.setattr(
            module, name, lambda *given, _make=make: found.append(_make(*given)) or found[-1]
        )
    return found


def ran(app, tmp_path: Path) -> dict:
    """Run the command on the screen and return the numbers that it wrote."""
    from dlfa.__main__ import main

    assert messages(app) == []
    start, module, name, *words = shlex.split(app.code[0].value)
    assert (start, module, name) == ("python", "-m", "dlfa")
    assert app.code[0].language == "bash"
    out = tmp_path / "found.json"
    assert main([*words, "--out", str(out)]) == 0
    found: dict = json.loads(out.read_text(encoding="utf-8"))
    return found


def same(found: dict, on_screen) -> None:
    assert tuple(found["spaces"]) == on_screen.spaces
    for name in ("values", "average", "control", "agreement", "p", "distances", "n"):
        if hasattr(on_screen, name):
            given = np.array(found[name], dtype=float)  # null: not defined
            np.testing.assert_allclose(given, getattr(on_screen, name), atol=1e-5)


@pytest.mark.parametrize(("_name", "view"), VIEWS, ids=lambda part: "-".join(part))
def test_gives_the_numbers_of_its_view(embeddings, folder, shown, tmp_path, _name, view):
    app = embeddings(model=folder, spoken=FEW, **view)
    same(ran(app, tmp_path), shown[-1])


def test_reads_the_first_token_where_the_view_does(embeddings, folder, shown, tmp_path):
    app = embeddings(model=folder, spoken=FEW, pooled="first", spaces="measures", measure="cka")
    same(ran(app, tmp_path), shown[-1])


def test_names_an_own_file_with_its_columns(embeddings, folder, shown, tmp_path, monkeypatch):
    rows = [
        f"{code};{at};some remark, longer than the sentence;{code} {at};{'ab'[at % 2]}"
        for at in range(8)
        for code in FEW
    ]
    data = "\n".join(["lang;n r;remark;my text;-kind", *rows]).encode()
    app = embeddings(sents="own", model=folder, spaces="measures", measure="silhouette--kind")
    upload(app, data, "my file.csv")
    app.selectbox(key="sentences-text-1").set_value("my text")
    app.selectbox(key="sentences-item-1").set_value("n r")
    app.multiselect(key="sentences-groups-1").set_value(["-kind"]).run()
    (tmp_path / "my file.csv").write_bytes(data)
    monkeypatch.chdir(tmp_path)
    app.selectbox(key="measure").set_value("silhouette--kind").run()
    assert "--group=-kind" in app.code[0].value
    assert shown[-1].name == "silhouette--kind"
    same(ran(app, tmp_path), shown[-1])


def test_parts_of_speech_need_no_sentences(embeddings, folder, shown, tmp_path, monkeypatch):
    from dlfa.analysis import pos_probe
    from tests.unit.analysis.tagger import sentences

    few = {"train_words": 200, "test_sentences": 10}
    make = pos_probe.PosProbe.__init__
    monkeypatch.setattr(
        pos_probe.PosProbe,
        "__init__",
        lambda self, embedder, languages=(), spaces=None, *_given: make(
            self, embedder, ("de", "en"), spaces, **few
        ),
    )
    monkeypatch.setattr(
        pos_probe, "training_sentences", lambda *_: (sentences(60, "en", parallel=True), [])
    )
    monkeypatch.setattr(
        pos_probe,
        "evaluation_sentences",
        lambda _task, code, _split: sentences(12, code, parallel=True),
    )
    app = embeddings(model=folder, spoken=FEW, spaces="probes", probe="pos")
    assert "--languages" not in app.code[0].value
    same(ran(app, tmp_path), shown[-1])


@pytest.mark.parametrize("view", ["map", "quality"])
def test_a_map_has_its_lines_of_python_alone(embeddings, folder, view):
    app = embeddings(model=folder, spoken=FEW, spaces=view)
    assert messages(app) == []
    assert [block.language for block in app.code] == ["python"]
