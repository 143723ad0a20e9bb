"""A public instance, from the outside: what it refuses to strangers, and how it says so."""

import json

import pytest

from tests.pages.conftest import MODEL
from tests.pages.visitor import Open, everything_said, messages, word

HUB = "sentence-transformers/all-MiniLM-L6-v2@" + "0" * 40
NOT_LISTED = ["/etc", ".", "assets/checkpoints/../checkpoints/e5-small-xnli", HUB, "mbert", "e5"]


@pytest.fixture
def public(monkeypatch):
    monkeypatch.setenv("DLFA_PUBLIC", "1")


@pytest.mark.parametrize("name", NOT_LISTED)
class TestModels:
    def test_a_link_to_another_model_opens_the_listed_one(self, open_app: Open, public, name):
        app = open_app(model=name)
        assert app.selectbox(key="model").value == MODEL
        assert messages(app) == []
        told = [toast.value for toast in app.toast]
        assert told == [word("ui.address.ignored.link", names="model")]

    def test_whoever_gets_a_name_past_the_page_is_refused(self, public, name):
        from dlfa.errors import PolicyError
        from dlfa.ui import cache

        with pytest.raises(PolicyError):
            cache.predictions(name, [("A dog.", "An animal.")])

    def test_no_encoder_is_loaded_from_a_folder_or_the_hub(self, public, name):
        from dlfa.errors import PolicyError
        from dlfa.model.backbones import load_encoder

        if name == "mbert":
            pytest.skip("known by name, from the Hub at a pinned revision")
        with pytest.raises(PolicyError):
            load_encoder(name)

    def test_a_session_file_does_not_bring_it_in(self, open_app: Open, public, name):
        from dlfa.ui.session_file import SessionFile, pack

        app = open_app()
        data = pack(SessionFile(page="predict", checkpoint="", state={"model": [name]}))
        uploader = app.get("file_uploader")[0]
        uploader.upload("session.json", data, "application/json").run()
        assert app.selectbox(key="model").value == MODEL
        assert all("model" in message for message in messages(app))


class TestFields:
    @pytest.mark.parametrize(("variable", "free"), [("1", False), ("0", True)])
    def test_only_at_a_desk_a_model_can_be_typed(self, open_app: Open, monkeypatch, variable, free):
        monkeypatch.setenv("DLFA_PUBLIC", variable)
        app = open_app()
        assert app.selectbox(key="model").proto.accept_new_options is free

    def test_an_encoder_without_heads_is_not_offered(self, open_app: Open, public):
        from dlfa.ui.cache import model_names

        offered = open_app().selectbox(key="model").options
        assert offered[0] == MODEL
        assert set(offered) <= set(model_names())
        assert not {"mbert", "e5-small"} & set(offered)


class TestUploads:
    def test_a_file_over_the_limit_is_refused_by_the_server_too(self, public):
        from dlfa.errors import DlfaError
        from dlfa.policy import PUBLIC
        from dlfa.ui.session_file import unpack

        large = json.dumps({"x": "y" * PUBLIC.max_upload_bytes}).encode()
        with pytest.raises(DlfaError) as refused:
            unpack(large)
        assert "1.0" in str(refused.value)

    def test_every_field_for_files_has_the_limit(self, open_app: Open, public):
        fields = open_app().get("file_uploader")
        assert fields
        assert {field.proto.max_upload_size_mb for field in fields} == {1}


class TestTraining:
    def test_the_page_offers_none(self, public):
        """What leads on from an encoder without heads shows the command and no button."""
        from streamlit.testing.v1 import AppTest

        app = AppTest.from_function(lead_on, default_timeout=60).run()
        assert messages(app) == []
        assert word("untrained.train.elsewhere") in everything_said(app)
        assert {button.key for button in app.button} <= {"instead"}

    def test_the_command_line_is_its_owners(self, public):
        from dlfa.__main__ import parser

        given = parser().parse_args(["train", "--backbone", "mbert", "--out", "x"])
        assert given.command == "train"


def lead_on() -> None:
    from dlfa.errors import UntrainedError
    from dlfa.ui import address
    from dlfa.ui.untrained import leading_on

    address.arrive("predict")
    with leading_on():
        raise UntrainedError("error.model.untrained", name="mbert")


def test_says_what_kind_of_instance_it_is(open_app: Open, public):
    assert word("ui.policy.public") in everything_said(open_app())
