"""Heads on a frozen encoder: from states on disk they learn what they learn from it live."""

from pathlib import Path

import numpy as np
import pytest
import torch

from dlfa.data.collation import Features
from dlfa.data.tasks import task
from dlfa.shapes import UNLABELLED
from dlfa.training import frozen, states
from dlfa.training.recipes import Settings, recipe
from dlfa.training.setup import Encoded, build
from dlfa.training.states import Kept, chunks, collate_kept
from tests.unit.model import tiny

PAD = 0


@pytest.fixture(autouse=True)
def float32(monkeypatch):
    """The encoder computes in float32 here, whatever this machine is faster with."""
    from dlfa.model.device import hardware

    monkeypatch.setenv("DLFA_DTYPE", "float32")
    monkeypatch.setenv("DLFA_DEVICE", "cpu")
    hardware.cache_clear()
    yield
    hardware.cache_clear()


def examples(count: int, *, tagging: bool = False, seed: int = 0) -> Encoded:
    draw = np.random.default_rng(seed)

    def one(row: int) -> Features:
        size = int(draw.integers(3, 12))
        ids = draw.integers(5, len(tiny.VOCABULARY), size).tolist()
        tags = [UNLABELLED, *draw.integers(0, 7, size - 2).tolist(), UNLABELLED]
        return Features(input_ids=ids, labels=tags if tagging else row % 3)

    return Encoded([one(row) for row in range(count)])


def model(kind: str, heads: tuple[str, ...] = (), **changes):
    settings = Settings(
        task=kind, backbone="tiny", recipe=recipe("frozen", dropout=0.0, **changes), heads=heads
    )
    return build(task(kind), tiny.encoder(), settings)


def learned(model, data, steps: int = 5, size: int = 8) -> list[float]:
    """Train a few steps and return their losses."""
    optimizer = torch.optim.AdamW(model.heads.parameters(), lr=1e-2)
    model.train()
    losses = []
    for step in range(steps):
        batch = [data[(step * size + row) % len(data)] for row in range(size)]
        loss = model(**collate_kept(batch, PAD)).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss.detach()))
    return losses


@pytest.mark.parametrize("kind", ["xnli", "ner"])
@pytest.mark.parametrize("heads", [(), ("baseline", "D_2")], ids=["all", "two"])
def test_heads_learn_the_same_from_the_disk_as_live(kind, heads, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(states, "NUMBER", np.dtype(np.float32))
    monkeypatch.setattr(states, "CHUNK", 4_000)  # several files
    data = examples(40, tagging=kind == "ner")
    live, kept = model(kind, heads), model(kind, heads)
    found, _held_out = frozen.kept(kept, data, examples(4), PAD, tmp_path)
    assert len(list((tmp_path / frozen.FOLDER).glob("*/train-*.f16"))) > 1
    np.testing.assert_allclose(learned(kept, found), learned(live, data), rtol=0, atol=1e-5)
    with torch.inference_mode():
        batch = collate_kept([data[row] for row in range(8)], PAD)
        mine, theirs = (one.eval()(**batch).logits for one in (kept, live))
    torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-5)


def test_half_precision_on_disk_changes_the_loss_by_less_than_a_thousandth(tmp_path: Path):
    data = examples(40)
    live, kept = model("xnli"), model("xnli")
    found, _held_out = frozen.kept(kept, data, examples(4), PAD, tmp_path)
    np.testing.assert_allclose(learned(kept, found), learned(live, data), rtol=1e-3)


def test_the_encoder_does_not_run_where_its_states_are_given(tmp_path: Path, monkeypatch):
    kept = model("xnli", ("baseline", "D_1"))
    found, _held_out = frozen.kept(kept, examples(8), examples(4), PAD, tmp_path)
    assert found[0]["states"].shape[0] == 2  # those of layer 1, and the last
    monkeypatch.setattr(type(kept), "encode", None)
    assert np.isfinite(learned(kept, found, steps=1)).all()


def test_padding_is_zero_and_every_example_keeps_its_own_states(tmp_path: Path):
    kept = model("xnli")
    found, _held_out = frozen.kept(kept, examples(8), examples(4), PAD, tmp_path)
    batch = collate_kept([found[row] for row in range(8)], PAD)
    real = batch["attention_mask"].bool()[:, None].expand(batch["states"].shape[:3])
    assert not batch["states"][~real].any()
    for row in range(8):
        states_of = found[row]["states"]
        np.testing.assert_array_equal(
            batch["states"][row, :, : states_of.shape[1]].numpy(), states_of
        )


def test_what_a_killed_run_left_is_not_computed_again(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(states, "CHUNK", 2_000)
    data, held_out = examples(40), examples(4)
    first, _held_out = frozen.kept(model("xnli"), data, held_out, PAD, tmp_path)
    wanted = [first[row]["states"].copy() for row in range(40)]
    (folder,) = (tmp_path / frozen.FOLDER).iterdir()
    files = sorted(folder.glob("train-*.f16"))
    files[1].write_bytes(files[1].read_bytes()[:-2])  # cut short by something else than us
    files[2].rename(files[2].with_suffix(".part"))  # killed while it was written
    written: list[Path] = []
    write = states.Chunk.write
    monkeypatch.setattr(
        states.Chunk, "write", lambda self, found: (written.append(self.file), write(self, found))
    )
    again, _held_out = frozen.kept(model("xnli"), data, held_out, PAD, tmp_path)
    assert written == files[1:3]
    for row in range(40):
        np.testing.assert_array_equal(again[row]["states"], wanted[row])


def test_states_of_another_encoder_or_of_other_sentences_are_not_taken_over(tmp_path: Path):
    def first_states(seed: int, data: Encoded) -> np.ndarray:
        given = model("xnli")
        given.config.encoder_digest = str(seed)
        for parameter in given.backbone.parameters():
            parameter.data += 0.01 * seed
        found, _held_out = frozen.kept(given, data, examples(4), PAD, tmp_path)
        return found[0]["states"].copy()

    ours = first_states(0, examples(40))
    assert np.abs(first_states(1, examples(40)) - ours).max() > 0.001
    backwards = Encoded(examples(40).examples[::-1])  # as many sub-words
    assert not np.array_equal(first_states(0, backwards)[:, 1], ours[:, 1])
    np.testing.assert_array_equal(first_states(0, examples(40)), ours)


def test_states_too_large_for_their_numbers_stay_numbers():
    huge = states.stored(torch.tensor([[[1e30, -1e30, 1.5]]]))
    assert np.isfinite(huge).all()
    assert huge[0, 0, 2] == 1.5


def test_what_the_disk_has_no_room_for_is_trained_with_the_encoder(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(frozen, "MOST", 10)
    data, held_out = examples(8), examples(4)
    assert frozen.kept(model("xnli"), data, held_out, PAD, tmp_path) == (data, held_out)
    assert not (tmp_path / frozen.FOLDER).exists()


def test_an_encoder_that_learns_gives_no_states_to_keep(tmp_path: Path):
    data, held_out = examples(8), examples(4)
    tuned = model("xnli", tuning="lora")
    assert frozen.kept(tuned, data, held_out, PAD, tmp_path) == (data, held_out)


def test_chunks_hold_every_example_once_and_stay_small(tmp_path: Path):
    data = examples(100).examples
    parts = list(chunks(data, tmp_path, "train", each=states.CHUNK // 50))
    assert [part.first for part in parts] == np.cumsum(
        [0, *(len(part.tokens) for part in parts[:-1])]
    ).tolist()
    sizes = [size for part in parts for size in part.tokens]
    assert sizes == [len(one["input_ids"]) for one in data]
    assert all(sum(part.tokens) <= 50 for part in parts)


def test_a_finished_run_leaves_no_states(tmp_path: Path):
    found, _held_out = frozen.kept(model("xnli"), examples(8), examples(4), PAD, tmp_path)
    assert isinstance(found, Kept)
    frozen.forget(tmp_path)
    assert not (tmp_path / frozen.FOLDER).exists()
    frozen.forget(tmp_path)  # and none is no failure
