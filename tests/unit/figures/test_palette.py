"""Colours, signs and sizes."""

import pytest


def contrast(one: str, other: str) -> float:
    """Return WCAG's contrast of two ``#RRGGBB`` colours, written from its definition."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        bright = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * bright[0] + 0.7152 * bright[1] + 0.0722 * bright[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


PAGES = {False: "#FFFFFF", True: "#12151B"}


@pytest.mark.parametrize("dark", [False, True])
class TestLook:
    def test_all_text_reads_on_the_page(self, dark):
        from dlfa.figures import Look

        look = Look(dark=dark)
        assert contrast(look.text, PAGES[dark]) >= 7
        assert contrast(look.muted, PAGES[dark]) >= 4.5
        assert contrast(look.text, look.raised) >= 7

    def test_what_carries_data_stands_out_from_the_page(self, dark):
        from dlfa.figures import Look
        from dlfa.figures.palette import HEAD_COLOURS

        for kind in HEAD_COLOURS:
            assert contrast(Look(dark=dark).head_colour(kind), PAGES[dark]) >= 3

    def test_the_middle_of_the_diverging_colours_fades_into_the_page(self, dark):
        from dlfa.figures import Look

        colours = Look(dark=dark).diverging
        steps = [contrast(colour, PAGES[dark]) for colour in colours]
        middle = len(colours) // 2
        assert steps[middle] < 1.2
        assert steps[:middle] == sorted(steps[:middle], reverse=True)
        assert steps[middle + 1 :] == sorted(steps[middle + 1 :])


class TestLabelPaints:
    def test_known_labels_keep_their_colour_whatever_their_order(self):
        from dlfa.figures.palette import label_paints

        one = label_paints(("entailment", "neutral", "contradiction"))
        other = label_paints(("contradiction", "entailment"))
        assert {label: one[label] for label in other} == other

    @pytest.mark.parametrize("count", [1, 2, 7, 30])
    def test_any_number_of_other_labels_is_painted_the_first_seven_all_differently(self, count):
        from dlfa.figures.palette import label_paints

        paints = label_paints(tuple(f"label {at}" for at in range(count)))
        assert len(paints) == count
        assert len({paint.colour for paint in paints.values()}) == min(count, 7)
        assert len({paint.pattern for paint in paints.values()}) == min(count, 7)

    def test_numbers_read_on_every_label(self):
        from dlfa.figures.palette import LABEL_COLOURS, ink

        for colour in LABEL_COLOURS.values():
            assert contrast(ink(colour), colour) >= 4.5
