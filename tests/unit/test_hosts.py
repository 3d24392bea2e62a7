"""Names of the dashboard, as a request may write them."""

import pytest

from ccm.domain.hosts import is_allowed

NAMES = ("localhost", "127.0.0.1", "::1", "CCM.example.ne", "*.tests.example.ne")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8501",
        "LOCALHOST:1",
        "127.0.0.1:8501",
        "[::1]:8501",
        "[::1]",
        "ccm.example.ne",
        "ccm.example.ne.",
        "a.tests.example.ne:443",
    ],
)
def test_a_name_of_ours_is_known_with_its_port_or_without(host: str) -> None:
    assert is_allowed(host, NAMES)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:8501",
        "localhost.evil.example",
        "evil.example/localhost",
        "localhost/",
        "localhost?",
        "localhost#",
        "evil.example#@localhost",
        "user@localhost",
        "localhost:port",
        "localhost:0",
        "localhost:99999",
        "localhost,evil.example",
        "localhost evil.example",
        "tests.example.ne",
        "xtests.example.ne",
        "[::1",
        "::1",
        "2130706433",
    ],
)
def test_another_name_is_not(host: str) -> None:
    assert not is_allowed(host, NAMES)


def test_where_no_name_is_given_any_will_do() -> None:
    assert is_allowed("evil.example", ())
    assert is_allowed("evil.example", ("*",))
