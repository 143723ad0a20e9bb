"""What fails becomes a sentence, expected or not."""

import ast
import logging
import re

import pytest

from tests.pages.visitor import Open, everything_said, figures, messages, word
from tests.source_tree import package, screens


@pytest.fixture
def broken(monkeypatch):
    """A mistake of ours, in the middle of a page."""
    from dlfa.ui import cache

    def fail(*_args, **_kwargs):
        raise ZeroDivisionError("a secret detail")

    def break_it(name: str) -> None:
        monkeypatch.setattr(cache, name, fail)

    return break_it


def number_in(box: str) -> str:
    pattern = re.escape(word("error.unexpected", case="NUMBER")).replace("NUMBER", "([0-9a-f]{8})")
    found = re.fullmatch(pattern, box)
    assert found, box
    return found[1]


class TestTheUnexpected:
    @pytest.mark.parametrize(
        ("page", "name"), [("predict", "predictions"), ("predict", "translations")]
    )
    def test_is_a_sentence_with_a_number_that_the_log_knows(
        self, open_app: Open, broken, caplog, page, name
    ):
        broken(name)
        with caplog.at_level(logging.ERROR):
            app = open_app(page)
        (box,) = messages(app)
        assert "secret" not in box
        records = [record for record in caplog.records if number_in(box) in record.getMessage()]
        assert len(records) == 1
        assert "a secret detail" in (records[0].exc_text or "")

    def test_leaves_the_texts_and_the_frame(self, open_app: Open, broken):
        app = open_app()
        before = [field.value for field in app.text_area]
        broken("predictions")
        app.run()
        assert [field.value for field in app.text_area] == before
        assert word("ui.policy.local") in everything_said(app)

    def test_goes_away_with_its_cause(self, open_app: Open, monkeypatch, broken):
        broken("predictions")
        app = open_app()
        assert len(messages(app)) == 1
        monkeypatch.undo()
        app.run()
        assert messages(app) == []
        assert figures(app)

    def test_two_failures_have_two_numbers(self, open_app: Open, broken):
        broken("predictions")
        one, two = open_app(), open_app()
        assert number_in(messages(one)[0]) != number_in(messages(two)[0])


class TestGuarded:
    def test_lets_streamlit_stop_and_start_scripts(self):
        from streamlit.runtime.scriptrunner_utils.exceptions import RerunException, StopException

        from dlfa.ui.guard import guarded

        for control in (StopException(), RerunException(None)):
            with pytest.raises(type(control)), guarded():
                raise control

    def test_tells_once_what_a_fragment_has_told(self):
        from streamlit.errors import FragmentHandledException

        from dlfa.ui.guard import guarded

        with pytest.raises(FragmentHandledException), guarded():
            raise FragmentHandledException(ValueError())

    def test_every_fragment_is_guarded(self):
        """Else a fragment that runs alone would fail outside of `app.py`'s guard."""
        for source in (*package(), *screens()):
            for node in ast.walk(source.tree):
                if isinstance(node, ast.FunctionDef):
                    names = [ast.unparse(each).split("(")[0] for each in node.decorator_list]
                    if "st.fragment" in names:
                        after = names[names.index("st.fragment") + 1 :]
                        assert after[:1] == ["guarded"], f"{source.name}: {node.name}"


def test_a_failure_of_the_frame_is_a_sentence_too(open_app: Open, monkeypatch):
    from dlfa.ui import chrome

    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(chrome, "model_choice", fail)
    (box,) = messages(open_app())
    assert number_in(box)
