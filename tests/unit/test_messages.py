"""The reader of the catalogue; `tests/test_messages.py` holds the catalogue against the code."""

import inspect

import pytest

from dlfa import errors
from dlfa.errors import DlfaError
from dlfa.messages import _, catalogue, keys

ERRORS = [getattr(errors, name) for name in errors.__all__]


class TestMessages:
    @pytest.mark.parametrize("key", sorted(keys()))
    def test_every_key_gives_words(self, key):
        text = _(key)
        assert text
        assert text != key

    @pytest.mark.parametrize("key", ["no.such.key", "words", "error.", "{name}", "café"])
    def test_an_unknown_key_comes_back_as_it_is(self, key):
        assert _(key) == key
        assert key not in keys()

    def test_placeholders_are_filled_in(self):
        text = _("error.encoder.layers", name="X-name", found=2, least=3)
        assert "X-name" in text
        assert "{" not in text

    def test_what_is_filled_in_is_never_read_as_a_placeholder(self):
        text = _("error.file.pickle", path="{evil.__class__}{0}%s")
        assert "{evil.__class__}{0}%s" in text

    def test_more_values_than_placeholders_do_no_harm(self):
        assert _("error.batch.too_small", other=1) == _("error.batch.too_small")

    def test_a_catalogue_is_parsed_once(self):
        assert catalogue() is catalogue()

    def test_a_language_that_there_is_not_is_an_error(self):
        with pytest.raises(FileNotFoundError):
            catalogue("tlh")


class TestErrors:
    @pytest.mark.parametrize("kind", ERRORS)
    def test_all_belong_to_one_tree(self, kind):
        assert issubclass(kind, DlfaError)

    def test_the_list_is_the_tree(self):
        defined = {
            name
            for name, value in vars(errors).items()
            if inspect.isclass(value) and issubclass(value, DlfaError)
        }
        assert set(errors.__all__) == defined

    @pytest.mark.parametrize("kind", ERRORS)
    def test_each_is_drawn_in_the_docstring_below_its_parent(self, kind):
        lines = (errors.__doc__ or "").splitlines()
        drawn = {}
        for line in lines:
            name = line.lstrip(" │├└─").split(" ")[0]
            if name.endswith("Error"):
                drawn[name] = len(line) - len(line.lstrip(" │├└─"))
        parent = kind.__mro__[1].__name__
        assert kind.__name__ in drawn
        if kind is not DlfaError:
            assert drawn[kind.__name__] == drawn[parent] + 4

    def test_an_error_reads_as_its_message(self):
        error = errors.UnsafeFileError("error.file.pickle", path="model.bin")
        assert str(error) == _("error.file.pickle", path="model.bin")
        assert error.key == "error.file.pickle"
        assert error.params == {"path": "model.bin"}
