"""Whether the Hub answers: found out within two seconds, whatever the network does."""

import socket
import time

import pytest

from dlfa.data import hub
from tests.unit.model import fake_hub


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch):
    for name in (
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    hub.forget()
    yield
    hub.forget()


@pytest.fixture
def silent():
    """A host that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def asked(monkeypatch: pytest.MonkeyPatch, endpoint: str, seconds: float = hub.LIMIT + 1) -> bool:
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    began = time.monotonic()
    answer = hub.reachable()
    assert time.monotonic() - began < seconds
    return answer


def test_a_host_that_answers_is_reachable(tmp_path, monkeypatch):
    with fake_hub.serve(tmp_path) as address:
        assert asked(monkeypatch, address)


def test_an_answer_need_not_be_a_friendly_one(tmp_path, monkeypatch):
    with fake_hub.serve(tmp_path) as address:
        assert asked(monkeypatch, f"{address}/api/nothing")  # 404


def test_a_gateway_that_speaks_for_a_silent_host_is_no_answer(tmp_path, monkeypatch):
    monkeypatch.setattr(fake_hub.Handler, "find", lambda *_: (502, {}, b""))
    with fake_hub.serve(tmp_path) as address:
        assert not asked(monkeypatch, address)


def test_a_dead_address_is_not_reachable(monkeypatch):
    assert not asked(monkeypatch, "http://127.0.0.1:9")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_host_that_accepts_and_never_answers_is_not_reachable(silent, monkeypatch, scheme):
    assert not asked(monkeypatch, f"{scheme}://{silent}")


def test_a_name_server_that_takes_its_time_does_not_take_ours(monkeypatch):
    monkeypatch.setattr(hub, "answers", lambda _: time.sleep(hub.LIMIT + 2) or True)
    assert not asked(monkeypatch, "https://huggingface.co")


@pytest.mark.parametrize("endpoint", ["nonsense", "http://", "file:///etc/passwd", "https://[::1"])
def test_an_address_that_is_none_is_not_reachable(monkeypatch, endpoint):
    assert not asked(monkeypatch, endpoint, seconds=hub.LIMIT / 2)


@pytest.mark.parametrize("value", ["1", "true", "ON", "yes"])
def test_hf_hub_offline_answers_without_asking(tmp_path, monkeypatch, value):
    monkeypatch.setattr(hub, "answers", lambda _: pytest.fail("asked"))
    monkeypatch.setenv("HF_HUB_OFFLINE", value)
    with fake_hub.serve(tmp_path) as address:
        assert not asked(monkeypatch, address)


@pytest.mark.parametrize("value", ["", "0"])
def test_hf_hub_offline_may_say_no(tmp_path, monkeypatch, value):
    monkeypatch.setenv("HF_HUB_OFFLINE", value)
    with fake_hub.serve(tmp_path) as address:
        assert asked(monkeypatch, address)


def test_a_proxy_that_is_dead_makes_the_hub_unreachable(tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with fake_hub.serve(tmp_path) as address:
        assert not asked(monkeypatch, address.replace("127.0.0.1", "localhost.example"))


def test_the_answer_is_kept_until_forgotten(tmp_path, monkeypatch):
    with fake_hub.serve(tmp_path) as address:
        assert asked(monkeypatch, address)
    assert hub.reachable()
    hub.forget()
    assert not hub.reachable()
