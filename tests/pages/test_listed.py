"""Models that the owner listed: offered by name to everybody, and by nobody else's doing."""

import shutil

import pytest

from tests.pages.conftest import MODEL
from tests.pages.visitor import Open, figures, messages


@pytest.fixture
def mine(checkpoint, tmp_path, monkeypatch) -> str:
    """The name of a listed folder."""
    folder = tmp_path / "mine"
    shutil.copytree(checkpoint, folder)
    monkeypatch.setenv("DLFA_CHECKPOINTS", f"{folder},owner/gone@{'d' * 40}")
    return "mine"


@pytest.mark.parametrize("public", ["0", "1"])
class TestListed:
    @pytest.fixture(autouse=True)
    def instance(self, public, monkeypatch):
        monkeypatch.setenv("DLFA_PUBLIC", public)

    def test_they_stand_in_the_list_with_their_source(self, open_app: Open, mine):
        options = open_app().selectbox(key="model").options
        assert options[0] == MODEL  # the repository's come first
        assert any(option.startswith("mine (") for option in options)
        assert any("owner/gone" in option and "d" * 8 in option for option in options)

    def test_one_that_is_chosen_answers(self, open_app: Open, mine):
        app = open_app(model=mine)
        assert messages(app) == []
        assert app.selectbox(key="model").value == mine
        assert "probabilities" in figures(app)

    def test_one_that_is_not_at_hand_says_so(self, open_app: Open, mine):
        (sentence,) = messages(open_app(model="owner/gone"))
        assert "owner/gone" in sentence

    def test_two_can_be_compared(self, mine):
        from dlfa.analysis.predict import load

        one, other = load(MODEL), load(mine)
        assert one.checkpoint == other.checkpoint


def test_an_encoder_of_a_listed_checkpoint_is_listed_with_it(tmp_path, monkeypatch):
    from dlfa.analysis.predict import load
    from dlfa.errors import PolicyError
    from dlfa.model import checkpoints
    from dlfa.model.backbones import load_encoder
    from tests.unit.model.tiny import config, save_encoder

    folder = str(save_encoder(tmp_path / "tiny"))
    made = config(backbone=folder, pooling="cls")
    checkpoints.save(checkpoints.new(made, load_encoder(folder)), tmp_path / "heads")
    monkeypatch.setenv("DLFA_PUBLIC", "1")
    with pytest.raises(PolicyError):
        load(str(tmp_path / "heads"))
    monkeypatch.setenv("DLFA_CHECKPOINTS", str(tmp_path / "heads"))
    assert load("heads").predict([("a b", "c")])
    for name in (folder, str(tmp_path / "heads")):  # the folders themselves stay out of reach
        with pytest.raises(PolicyError):
            load(name)
