"""What lies in the repository of the built-in sentences: whole, small, and never stale."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from dlfa.analysis import precomputed
from dlfa.analysis.precomputed import CHECKPOINTS, encoder_digest, opened, raw_digest, stamp, write
from dlfa.data.sentence_sets import built_in
from dlfa.data.sentences import in_languages
from dlfa.results import LayerMap, Neighbours, Provenance

MOST = 8_000_000  # bytes of all files together
MADE = Provenance(
    backbone="e5-small",
    state="raw",
    checkpoint="",
    revision="r",
    device="cpu",
    dtype="float32",
    seed=0,
    versions={"numpy": "2"},
)
MAP = LayerMap(
    spaces=("0", "1"),
    method="pca",
    centred=True,
    points=np.arange(24, dtype=np.float32).reshape(2, 6, 2) / 8,
    k=2,
    trustworthiness=np.array([0.5, 0.75]),
    overlap=np.array([0.25, np.nan]),
    chance=0.4,
    judged=6,
    stability=np.ones(2),
    drift=np.array([0.5]),
    explained=None,
    seed=3,
    provenance=MADE,
)
NEAR = Neighbours(
    spaces=("0",),
    rows=np.array([[[1], [70_000]]]),
    similarity=np.array([[[0.5], [-0.25]]], dtype=np.float32),
    centred=False,
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(precomputed, "FOLDER", tmp_path)
    return tmp_path


def same(one: object, other: object) -> bool:
    pairs = [(getattr(one, part.name), getattr(other, part.name)) for part in fields(one)]  # type: ignore[arg-type]
    return type(one) is type(other) and all(
        np.array_equal(mine, theirs, equal_nan=mine.dtype.kind == "f")
        if isinstance(mine, np.ndarray)
        else mine == theirs
        for mine, theirs in pairs
    )


class TestFiles:
    def test_what_is_written_comes_back(self, folder):
        sentences = built_in()
        write("x", stamp("e", sentences), {"map": MAP, "near": NEAR})
        found = opened("x", "e", sentences)
        assert found is not None
        assert found.names == ("map", "near")
        assert same(found.get("map"), MAP)
        assert same(found.get("near"), NEAR)
        assert found.get("other") is None

    def test_results_of_another_encoder_or_other_sentences_are_never_shown(self, folder):
        sentences = built_in()
        write("x", stamp("e", sentences), {"map": MAP})
        assert opened("x", "e", sentences) is not None
        assert opened("x", "f", sentences) is None
        assert opened("x", "e", in_languages(sentences, ("de", "en"))) is None
        assert opened("x", "e", replace(sentences, digest="0" * 32)) is None
        assert opened("y", "e", sentences) is None

    def test_another_format_is_stale(self, folder, monkeypatch):
        sentences = built_in()
        write("x", stamp("e", sentences), {"map": MAP})
        monkeypatch.setattr(precomputed, "FORMAT", precomputed.FORMAT + 1)
        assert opened("x", "e", sentences) is None

    @pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
    def test_a_damaged_file_is_as_if_it_were_not_there(self, folder, content):
        (folder / "x.npz").write_bytes(content)
        assert opened("x", "e", built_in()) is None


class TestDigests:
    def test_a_checkpoints_digest_is_its_embedders(self, checkpoint):
        from dlfa.analysis.embedder import load_encoder

        assert encoder_digest(checkpoint) == load_encoder(checkpoint.name).digest

    def test_a_raw_encoders_digest_is_its_embedders(self):
        from dlfa.analysis.embedder import Embedder

        assert raw_digest("e5-small") == Embedder.raw("e5-small").digest

    def test_other_weights_have_another_digest(self, checkpoint, tmp_path):
        for name in ("config.json", "adapter.safetensors", "heads.safetensors"):
            (tmp_path / name).write_bytes((checkpoint / name).read_bytes())
        before = encoder_digest(tmp_path)
        (tmp_path / "heads.safetensors").write_bytes(b"other")
        assert before == encoder_digest(checkpoint)
        assert encoder_digest(tmp_path) not in (before, "")

    def test_what_says_nothing_of_its_encoder_has_none(self, tmp_path):
        assert encoder_digest(tmp_path) == ""
        (tmp_path / "config.json").write_text("[]")
        assert encoder_digest(tmp_path) == ""
        assert raw_digest(str(tmp_path)) == ""


class TestShipped:
    @pytest.fixture
    def found(self):
        sentences = built_in()
        tuned = encoder_digest(CHECKPOINTS / "e5-small-xnli")
        return [
            opened("e5-small-xnli", tuned, sentences),
            opened("e5-small", raw_digest("e5-small"), sentences),
        ]

    def test_both_encoders_results_are_valid_now(self, found):
        """If not: ``python -m dlfa precompute``."""
        assert None not in found

    def test_they_hold_every_map_with_its_quality_and_its_neighbours(self, found):
        count = len(built_in().texts)
        for file in found:
            for name in [name for name in file.names if name.startswith("map/")]:
                mapped = file.get(name)
                _map, method, dims, reading = name.split("/")
                assert (mapped.method, mapped.centred) == (method, reading == "centred")
                assert mapped.points.shape[1:] == (count, int(dims))
                for quality in (mapped.trustworthiness, mapped.overlap, mapped.stability):
                    assert quality.shape == (len(mapped.spaces),)
            assert sum(name.startswith("map/") for name in file.names) == 8
            for reading in ("raw", "centred"):
                near = file.get(f"neighbours/{reading}")
                assert near.rows.shape[1:] == (count, 5)
                assert near.rows.max() < count

    def test_they_hold_every_measure_probe_and_tree(self, found):
        for file in found:
            for name in ("p_at_1", "margin", "similarity", "cka", "anc"):
                for reading in ("raw", "centred"):
                    assert file.get(f"measure/{name}/english/{reading}").name == name
            assert file.get("probe/language").languages
            assert "hi" in file.get("probe/pos").languages
            assert file.get("tree/family").p.shape == file.get("tree/branch").p.shape

    def test_they_are_small_together(self):
        assert sum(path.stat().st_size for path in precomputed.FOLDER.iterdir()) <= MOST
