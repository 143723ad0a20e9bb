"""Which device and number format: overrides, the probe and its cache."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from dlfa.model import device
from dlfa.model.device import Hardware, hardware, probe


@pytest.fixture(autouse=True)
def anew(monkeypatch):
    """No override, no GPU, no measuring; the answer of this process is put back afterwards."""
    for name in ("DLFA_DEVICE", "DLFA_DTYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    hardware.cache_clear()
    yield
    hardware.cache_clear()


def cpu(monkeypatch: pytest.MonkeyPatch, *, instructions: bool, gain: float) -> Hardware:
    monkeypatch.setattr(device, "has_bf16_instructions", lambda: instructions)
    monkeypatch.setattr(device, "probe", lambda: gain)
    return hardware()


class TestChoice:
    @pytest.mark.parametrize(
        ("instructions", "gain", "dtype"),
        [
            (True, 2.0, "bfloat16"),
            (True, device.GAIN, "bfloat16"),
            (True, 1.0, "float32"),
            (True, 0.5, "float32"),
            (False, 9.0, "float32"),
        ],
    )
    def test_a_cpu_takes_bfloat16_only_where_it_gains(self, monkeypatch, instructions, gain, dtype):
        found = cpu(monkeypatch, instructions=instructions, gain=gain)
        assert (found.device, found.dtype, found.name) == ("cpu", dtype, "cpu")

    def test_a_cpu_without_the_instructions_is_not_measured(self, monkeypatch):
        monkeypatch.setattr(device, "has_bf16_instructions", lambda: False)
        monkeypatch.setattr(device, "probe", lambda: pytest.fail("measured"))
        assert hardware().dtype == "float32"

    @pytest.mark.parametrize("supported", [True, False])
    def test_a_cuda_device_comes_first_and_is_called_by_its_name(self, monkeypatch, supported):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: supported)
        monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "NVIDIA H100")
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
        assert hardware() == Hardware(device="cuda", bf16=supported, name="NVIDIA H100")

    def test_an_apple_device_computes_in_float32(self, monkeypatch):
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
        assert hardware() == Hardware(device="mps", bf16=False, name="mps")

    def test_is_made_once(self, monkeypatch):
        first = cpu(monkeypatch, instructions=True, gain=2.0)
        assert cpu(monkeypatch, instructions=False, gain=0.0) is first


class TestOverrides:
    @pytest.mark.parametrize("dtype", ["bfloat16", "float32"])
    @pytest.mark.parametrize("gain", [0.1, 9.0])
    def test_dlfa_dtype_decides_without_measuring(self, monkeypatch, dtype, gain):
        monkeypatch.setenv("DLFA_DTYPE", dtype)
        assert cpu(monkeypatch, instructions=True, gain=gain).dtype == dtype

    def test_dlfa_device_decides_which(self, monkeypatch):
        monkeypatch.setenv("DLFA_DEVICE", "cpu")
        monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
        assert cpu(monkeypatch, instructions=False, gain=1.0).device == "cpu"

    def test_an_empty_variable_is_none(self, monkeypatch):
        monkeypatch.setenv("DLFA_DEVICE", "")
        monkeypatch.setenv("DLFA_DTYPE", "")
        assert cpu(monkeypatch, instructions=True, gain=2.0).dtype == "bfloat16"


class TestAutocast:
    @pytest.mark.parametrize("bf16", [True, False])
    def test_is_what_the_hardware_says(self, bf16):
        found = Hardware(device="cpu", bf16=bf16, name="cpu")
        layer = torch.nn.Linear(2, 2)
        with torch.inference_mode(), found.autocast():
            dtype = layer(torch.zeros(1, 2)).dtype
        assert dtype == (torch.bfloat16 if bf16 else torch.float32)
        assert str(dtype) == f"torch.{found.dtype}"


class TestProbe:
    @pytest.fixture
    def measured(self, monkeypatch) -> list[float]:
        """What the next measurements will give; each is taken once."""
        values = [1.5, 3.0]
        monkeypatch.setattr(device, "_measure", lambda: values.pop(0))
        return values

    def test_measures_once_a_machine(self, tmp_path, measured):
        file = tmp_path / "cache" / "dlfa" / "bf16.json"
        assert probe(file) == 1.5
        assert probe(file) == 1.5
        assert list(json.loads(file.read_text()).values()) == [1.5]
        assert measured == [3.0]

    def test_measures_again_with_another_number_of_threads(self, tmp_path, measured, monkeypatch):
        file = tmp_path / "bf16.json"
        assert probe(file) == 1.5
        monkeypatch.setattr(torch, "get_num_threads", lambda: 97)
        assert probe(file) == 3.0

    def test_keeps_what_it_knows_of_other_settings(self, tmp_path, measured, monkeypatch):
        file = tmp_path / "bf16.json"
        probe(file)
        with monkeypatch.context() as other:
            other.setattr(torch, "get_num_threads", lambda: 97)
            probe(file)
        assert probe(file) == 1.5
        assert measured == []

    @pytest.mark.parametrize(
        "content", [b"", b"{", b"[]", b"null", b"3", b'"x"', b"{}", b"\xff\xfe"]
    )
    def test_a_broken_cache_file_is_measured_over(self, tmp_path, measured, content):
        file = tmp_path / "bf16.json"
        file.write_bytes(content)
        assert probe(file) == 1.5
        assert probe(file) == 1.5

    @pytest.mark.parametrize("value", [None, "fast", [], {}])
    def test_a_value_that_is_no_number_is_measured_over(self, tmp_path, measured, value):
        file = tmp_path / "bf16.json"
        probe(file)
        (key,) = json.loads(file.read_text())
        file.write_text(json.dumps({key: value}))
        assert probe(file) == 3.0

    def test_a_place_that_cannot_be_written_to_is_no_reason_to_fail(self, tmp_path, measured):
        (tmp_path / "file").write_text("")
        assert probe(tmp_path / "file" / "bf16.json") == 1.5

    def test_lies_in_the_users_cache_folder(self, tmp_path, measured, monkeypatch):
        monkeypatch.delenv("DLFA_CACHE_DIR")
        monkeypatch.setattr(Path, "home", lambda: tmp_path)
        probe()
        assert (tmp_path / ".cache" / "dlfa" / "bf16.json").is_file()

    def test_the_ratio_is_float32_time_over_bfloat16_time(self, monkeypatch):
        asked = []

        def autocast(*_: object, enabled: bool) -> nullcontext:
            asked.append(enabled)
            return nullcontext()

        def seconds(call: Callable[[], None]) -> float:
            call()
            return 2.0 if asked[-1] else 6.0

        monkeypatch.setattr(torch, "autocast", autocast)
        monkeypatch.setattr(device, "_best", seconds)
        assert device._measure() == 3.0

    def test_the_best_of_several_times_counts(self, monkeypatch):
        clock = iter([0.0, 5.0, 5.0, 6.0, 6.0, 9.0])
        monkeypatch.setattr(device, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
        assert device._best(lambda: None, repeats=3) == 1.0


@pytest.mark.parametrize(
    ("variable", "value"), [("DLFA_DEVICE", "toaster"), ("DLFA_DTYPE", "fp16")]
)
def test_a_setting_that_does_not_exist_is_refused(monkeypatch, variable, value) -> None:
    from dlfa.errors import InputError
    from dlfa.model.device import hardware

    monkeypatch.setenv(variable, value)
    hardware.cache_clear()
    with pytest.raises(InputError, match=value):
        hardware()
    hardware.cache_clear()
