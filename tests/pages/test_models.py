"""The switch between models: trained ones, folders, and encoders without heads."""

import pytest

from tests.integration.tiny import save_encoder
from tests.pages.visitor import Open, everything_said, figures, messages, word, write


class TestEncoderWithoutHeads:
    def test_leads_on_to_what_works_and_to_training(self, open_app: Open):
        app = open_app()
        assert "mbert" in app.selectbox(key="model").options[-1]
        app.selectbox(key="model").set_value("mbert").run()
        assert messages(app) == []  # nothing has failed
        assert word("untrained.lead", name="mbert") in everything_said(app)
        assert "--backbone mbert" in app.code[0].value
        app.button(key="instead").click().run()
        assert app.selectbox(key="model").value == "e5-small-xnli"
        assert "probabilities" in figures(app)

    def test_says_at_once_that_the_hub_is_out_of_reach(self, open_app: Open, monkeypatch):
        from dlfa.data import hub

        monkeypatch.setattr(hub, "reachable", lambda: False)
        monkeypatch.delenv("DLFA_DATA_DIR", raising=False)
        said = everything_said(open_app(model="mbert"))
        assert word("untrained.encoder.offline", name="mbert") in said
        assert word("untrained.data.offline") in said

    def test_typed_texts_stay(self, open_app: Open):
        app = write(open_app(), "My own premise.", "My own hypothesis.")
        app.selectbox(key="model").set_value("mbert").run()
        assert app.text_area(key="premise").value == "My own premise."

    def test_the_budget_is_in_the_command_and_in_the_link(self, open_app: Open):
        app = open_app(model="mbert", budget="300000")
        assert "--max-tokens 300000" in app.code[0].value

    def test_a_folder_with_an_encoder_is_treated_alike(self, open_app: Open, tmp_path):
        folder = str(save_encoder(tmp_path / "tiny"))
        app = open_app(model=folder)
        assert messages(app) == []
        assert word("untrained.lead", name=folder) in everything_said(app)

    def test_the_page_that_tags_words_teaches_a_task_of_words(self, open_app: Open, tmp_path):
        app = open_app("tag", model=str(save_encoder(tmp_path / "tiny")))
        assert messages(app) == []
        assert "--task ner" in app.code[0].value

    def test_so_is_a_hub_id_with_its_revision(self, open_app: Open):
        app = open_app(model="owner/name@" + "0" * 40)
        assert messages(app) == []
        assert "owner/name" in app.code[0].value

    def test_its_time_is_measured_on_request(self, open_app: Open, tmp_path):
        app = open_app(model=str(save_encoder(tmp_path / "tiny")))
        assert len(app.info) == 1
        app.button(key="measure").click().run()
        assert messages(app) == []
        assert "measure" not in [button.key for button in app.button]  # it has been obeyed
        assert "3,000,000" in app.info[1].value
        assert app.code[1].value.endswith("--forecast")
        pace = app.info[1].value
        app.select_slider(key="budget").set_value("300000").run()
        assert "300,000" in app.info[1].value  # at the pace that is known
        assert pace.split(":")[1].split()[0] == app.info[1].value.split(":")[1].split()[0]

    def test_a_public_instance_does_not_offer_it(self, open_app: Open, monkeypatch):
        monkeypatch.setenv("DLFA_PUBLIC", "1")
        app = open_app(model="mbert")
        assert app.selectbox(key="model").value == "e5-small-xnli"
        assert not any("mbert" in option for option in app.selectbox(key="model").options)


class TestFolders:
    def test_a_checkpoint_folder_answers(self, open_app: Open, checkpoint, tmp_path):
        import shutil

        app = open_app(model=str(shutil.copytree(checkpoint, tmp_path / "mine")))
        assert messages(app) == []
        assert "probabilities" in figures(app)

    @pytest.fixture
    def wrong(self, checkpoint, tmp_path):
        """Every way in which a path can be no checkpoint."""
        import json
        import shutil

        (tmp_path / "empty").mkdir()
        (tmp_path / "file.txt").write_text("x")
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "config.json").write_text(json.dumps({"model_type": "gpt2"}))
        for name in ("cut", "heads"):
            shutil.copytree(checkpoint, tmp_path / name)
        whole = (tmp_path / "cut" / "heads.safetensors").read_bytes()
        (tmp_path / "cut" / "heads.safetensors").write_bytes(whole[:1000])
        (tmp_path / "heads" / "config.json").write_text("{")
        return tmp_path

    @pytest.mark.parametrize("name", ["missing", "empty", "file.txt", "other", "cut", "heads"])
    def test_a_wrong_path_gets_one_sentence_and_loses_nothing(self, open_app: Open, wrong, name):
        from dlfa.ui.address import encode

        texts = encode(("My own premise.", "My own hypothesis."))
        app = open_app(model=str(wrong / name), t=texts)
        (sentence,) = messages(app)
        assert name in sentence or "heads.safetensors" in sentence
        assert sentence.endswith(".")
        assert app.text_area(key="premise").value == "My own premise."
        app.selectbox(key="model").set_value("e5-small-xnli").run()
        assert messages(app) == []
        assert app.text_area(key="premise").value == "My own premise."


def test_the_names_offered_are_encoders_that_the_program_knows():
    from dlfa.model.backbones import BACKBONES
    from dlfa.ui.models import ENCODERS

    assert set(ENCODERS) <= set(BACKBONES)
