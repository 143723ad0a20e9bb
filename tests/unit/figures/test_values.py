"""What a control's gate and share would be, from what a result keeps."""

import numpy as np
import pytest

from tests.unit.figures import samples


def made_from_layers(kind: str, seed: int = 0):
    """Return a gate with all its arrays made from two layers, and the control's own arrays."""
    draw = np.random.default_rng(seed)
    lower, last = draw.normal(0, 1, (2, 9, 40))
    trained, twin = draw.uniform(0.05, 0.95, (2, 9, 40))
    fused = (lower + last) / 2

    def arrays(s):
        g = s if kind == "aff" else fused * s
        below, above = np.abs(g * lower), np.abs((1 - g) * last)
        return g, below / (below + above)

    (g, share), (twin_g, twin_share) = arrays(trained), arrays(twin)
    head = "D_8" if kind == "paper" else "D_8_aff"
    given = {"attention": trained, "noise": twin, "gate": g, "cell_share": share}
    return samples.gate(head, 9, **given), twin_g, twin_share


@pytest.mark.parametrize("kind", ["paper", "aff"])
class TestControls:
    def test_the_twins_gate_is_its_attention_on_the_same_layers(self, kind):
        from dlfa.figures.values import values

        gate, twin, _share = made_from_layers(kind)
        assert np.allclose(values(gate, "gate", "noise"), twin, atol=1e-5)

    def test_the_twins_share_is_its_gate_on_the_same_layers(self, kind):
        from dlfa.figures.values import values

        gate, _gate, share = made_from_layers(kind)
        assert np.allclose(values(gate, "share", "noise"), share, atol=1e-3)

    def test_the_trained_state_is_the_result_itself(self, kind):
        from dlfa.figures.values import values

        gate, _gate, _share = made_from_layers(kind)
        assert values(gate, "gate") is gate.gate
        assert values(gate, "share") is gate.cell_share
        assert values(gate, "noise") is values(gate, "attention", "noise") is gate.noise


def test_a_start_at_one_half_is_said_to_be_one():
    from dlfa.figures.values import state_word

    neutral = samples.gate("D_8", 4)
    standard = samples.gate("D_8", 4, untrained=np.random.default_rng(0).uniform(0, 1, (4, 40)))
    assert "½" in state_word(neutral, "untrained")
    assert "½" not in state_word(standard, "untrained")
