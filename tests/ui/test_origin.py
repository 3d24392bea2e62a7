"""Links that are handed on are made of a name of ours, whatever a browser says of where it is."""

from types import SimpleNamespace

import pytest
import streamlit as st

from ccm.ui import context
from ccm.ui.context import Page

_ORIGIN = Page.origin.fget


def _origin(monkeypatch: pytest.MonkeyPatch, url: str | None, *names: str) -> str:
    """The origin, for a browser that says it is there, where we answer to these names."""
    told = SimpleNamespace(context=SimpleNamespace(url=url), get_option=lambda _name: list(names))
    monkeypatch.setattr(context, "st", told)
    assert _ORIGIN
    origin: str = _ORIGIN(SimpleNamespace())
    return origin


def test_the_browsers_own_word_counts_under_a_name_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    names = st.get_option("server.allowedHosts")
    assert _origin(monkeypatch, "http://localhost:8501/administration", *names) == "http://localhost:8501"
    for url in ("https://evil.example/administration", "https://user@localhost/", None, ""):
        assert _origin(monkeypatch, url, *names) == ""


def test_where_any_name_will_do_none_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _origin(monkeypatch, "https://evil.example/administration") == ""
    assert _origin(monkeypatch, "https://evil.example/administration", "*") == ""


def test_the_public_address_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCM_ADDRESS", "https://ccm.example.ne/")
    for url in ("https://evil.example/", "http://localhost:8501/"):
        assert _origin(monkeypatch, url, "localhost") == "https://ccm.example.ne"
