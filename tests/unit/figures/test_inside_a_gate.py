"""One cell, and the two branches that make a gate."""

import numpy as np
import pytest

from tests.unit.figures import samples


@pytest.fixture
def tokens():
    return samples.tokens("words in pieces")


@pytest.fixture
def gate(tokens):
    return samples.gate("D_8", len(tokens))


class TestCellNumbers:
    def drawn(self, gate, tokens, token=4, channel=17):
        from dlfa.figures import Look, cell_numbers

        return cell_numbers(gate, tokens, Look(), token=token, channel=channel)

    def test_the_row_holds_the_tokens_channels_sorted_and_rings_the_chosen_one(self, gate, tokens):
        noise, trained, ring, *_below = self.drawn(gate, tokens).data
        order = np.argsort(-gate.attention[4], kind="stable")
        assert np.array_equal(trained.y, gate.attention[4][order])
        assert np.array_equal(noise.y, gate.noise[4][order])
        assert order[ring.x[0]] == 17
        assert ring.y[0] == gate.attention[4, 17]

    def test_the_column_holds_the_channels_tokens_and_their_numbers(self, gate, tokens):
        noise, trained, numbers = self.drawn(gate, tokens).data[3:]
        assert np.array_equal(trained.x, gate.attention[:, 17])
        assert np.array_equal(noise.x, gate.noise[:, 17])
        assert [text.strip() for text in numbers.text] == [f"{s:.4f}" for s in trained.x]

    def test_the_chosen_token_is_framed(self, gate, tokens):
        (frame,) = [one for one in self.drawn(gate, tokens).layout.shapes if one.type == "rect"]
        assert (frame.y0, frame.y1) == (3.5, 4.5)

    @pytest.mark.parametrize(("token", "channel"), [(99, 0), (0, 99)])
    def test_what_is_not_there_cannot_be_shown(self, gate, tokens, token, channel):
        with pytest.raises(IndexError):
            self.drawn(gate, tokens, token, channel)

    def test_its_alt_text_has_the_cells_numbers_and_ranks(self, gate, tokens):
        from dlfa.figures import describe_cell_numbers

        text = describe_cell_numbers(gate, tokens, token=4, channel=17)
        assert f"s {gate.attention[4, 17]:.4f}, untrained twin {gate.noise[4, 17]:.4f}" in text
        assert f"{(gate.attention[4] > gate.attention[4, 17]).sum()} of this token’s 40" in text


class TestBranches:
    def drawn(self, gate, tokens, **options):
        from dlfa.figures import Look, branches

        return branches(gate, tokens, Look(), **options)

    def test_shows_both_branches_logits_their_s_and_the_twins(self, gate, tokens):
        one, local, s, twin = self.drawn(gate, tokens).data
        assert np.array_equal(one.z, gate.global_logits[None])
        assert np.array_equal(local.z, gate.local_logits)
        assert np.array_equal(s.z, gate.attention)
        assert np.array_equal(twin.z, gate.noise)

    def test_logits_share_one_scale_around_zero_and_both_s_one_around_a_half(self, gate, tokens):
        figure = self.drawn(gate, tokens)
        assert [trace.coloraxis for trace in figure.data] == ["coloraxis"] * 2 + ["coloraxis2"] * 2
        assert (figure.layout.coloraxis.cmid, figure.layout.coloraxis2.cmid) == (0, 0.5)

    def test_one_order_of_channels_holds_for_all_panels(self, gate, tokens):
        figure = self.drawn(gate, tokens, order="variance")
        order = np.argsort(-gate.attention.var(0), kind="stable")
        assert np.array_equal(figure.data[0].z[0], gate.global_logits[order])
        assert np.array_equal(figure.data[3].z, gate.noise[:, order])


class TestBranchBalance:
    def test_marks_are_root_mean_squares_and_means_over_channels(self, gate, tokens):
        from dlfa.figures import Look, branch_balance

        traces = branch_balance(gate, tokens, Look()).data
        both = gate.global_logits + gate.local_logits
        twin = np.log(gate.noise / (1 - gate.noise))
        one = np.broadcast_to(gate.global_logits, both.shape)
        for at, logits in enumerate((one, gate.local_logits, both, twin)):
            assert np.allclose(traces[at].x, np.sqrt((logits**2).mean(1)), rtol=1e-4)
            assert np.allclose(traces[at + 4].x, logits.mean(1), atol=1e-5)

    def test_a_merged_word_has_the_root_mean_square_over_its_sub_words(self, gate, tokens):
        from dlfa.figures import Look, branch_balance

        local = branch_balance(gate, tokens, Look(), merged=True).data[1]
        squares = (gate.local_logits[1:4].astype(float) ** 2).mean()
        assert local.x[1] == pytest.approx(np.sqrt(squares), rel=1e-5)
        assert len(local.x) == 6
