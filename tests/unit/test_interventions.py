"""Interventions as short texts: what is written is read, and nothing else."""

import pytest

TEXTS = (
    "trained twin zero half one mean-tokens shuffle-tokens twin+shuffle-channels scale:0.5 set:-1 "
    "scale:2@tokens=3,7-9 set:0@channels=0-95 set:0.25@tokens=0@channels=5,7 no-global no-local "
    "swap swap-mean twin+scale:1.5"
).split()


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_written_is_read_back(text):
    from dlfa.results import Intervention

    assert str(Intervention.parse(text)) == text


def test_places_are_read_as_spans():
    from dlfa.results import Intervention

    found = Intervention.parse("set:0@tokens=7,3,8-9@channels=0-2")
    assert (found.tokens, found.channels) == ((3, 7, 8, 9), (0, 1, 2))
    assert (found.kind, found.amount, found.placed) == ("set", 0.0, True)


@pytest.mark.parametrize(
    "text",
    "open|scale|scale:|scale:x|scale:nan|scale:1e9|set:99|zero:1|zero@tokens=1|set:0@words=1|"
    "set:0@tokens=|set:0@tokens=9-3|set:0@tokens=-1|set:0@tokens=1@tokens=2|twin+|other+zero||"
    "swap@channels=0|set:0@channels=1-x".split("|"),
)
def test_anything_else_is_refused_with_a_sentence(text):
    from dlfa.errors import InputError
    from dlfa.results import Intervention

    if text == "twin+":  # reads as the twin itself
        assert str(Intervention.parse(text)) == "twin"
        return
    with pytest.raises(InputError) as told:
        Intervention.parse(text)
    assert "error." not in str(told.value)


def test_a_number_everywhere_is_told_from_an_edit():
    from dlfa.results import Intervention

    assert Intervention.parse("set:0.3").constant == 0.3
    assert Intervention.parse("set:0.3@channels=1").constant is None
    assert Intervention.parse("one").constant == 1
