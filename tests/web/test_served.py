"""The application as it is served: Streamlit's own answers, behind our middleware."""

import base64
import hashlib
import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from ccm.web.headers import FILE_HEADERS, HEADERS


@pytest.fixture(scope="module")
def client(application: str) -> Iterator[httpx.Client]:
    """A client that follows no redirection."""
    with httpx.Client(base_url=application, timeout=20) as opened:
        yield opened


def _assets(page: str) -> list[str]:
    return re.findall(r'(?:src|href)="\.?(/static/[^"]+\.(?:js|css))"', page)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/recommandations", 200),
        ("/nothing-of-that-name", 200),
        ("/_stcore/health", 200),
        ("/_stcore/host-config", 200),
        ("/media/nothing", 404),
        ("/_stcore/metrics", 404),
        ("/_stcore/agent/openapi.json", 404),
        ("/_stcore/agent/mcp", 404),
        ("/r/CCM7-A1-05", 302),
        ("/regions/", 301),
        ("/topo/world_110m.json", 200),
    ],
)
def test_every_answer_carries_the_headers(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name.decode()) == [value.decode()]


@pytest.mark.parametrize("read", ["br", "gzip", "identity"])
@pytest.mark.parametrize(
    "path", ["/", "/leger", "/connexion", "/note.html", "/nothing", "/static/nothing.js", "/static/../leger"]
)
def test_what_an_answer_depends_on_is_said_once(client: httpx.Client, path: str, read: str) -> None:
    answer = client.get(path, headers={"accept": "text/html", "accept-encoding": read})
    said = answer.headers.get_list("vary")
    names = [name.strip().lower() for line in said for name in line.split(",")]
    assert len(said) <= 1
    assert len(set(names)) == len(names)


def test_a_page_that_there_is_not_is_told_by_us(client: httpx.Client) -> None:
    for path in ("/nothing-of-that-name", "/recommandations/xx", "/accueil"):
        answer = client.get(path, headers={"accept": "text/html"})
        assert answer.status_code == 404
        assert "Cette page n’existe pas" in answer.text
        for name, value in HEADERS.items():
            assert answer.headers.get_list(name.decode()) == [value.decode()]
    for path in ("/favicon.png", "/recommandations", "/manifest.json"):
        assert client.get(path, headers={"accept": "text/html"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "language"),
    [("/", "fr"), ("/recommandations", "fr"), ("/regions?lang=en", "en"), ("/regions?lang=xx", "fr")],
)
def test_a_page_is_in_the_readers_language(client: httpx.Client, path: str, language: str) -> None:
    wanted = {"accept": "text/html", "accept-encoding": "gzip"}
    answer = client.get(path, headers=wanted)
    assert re.findall(r"<html[^>]*>", answer.text) == [f'<html lang="{language}">']
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text.endswith("</html>\n")
    plain = client.get(path, headers={**wanted, "accept-encoding": "identity"})
    assert plain.text == answer.text
    assert int(plain.headers["content-length"]) == len(plain.content)


def test_a_page_that_has_not_changed_is_not_sent_again(client: httpx.Client) -> None:
    answer = client.get("/", headers={"accept": "text/html"})
    again = client.get("/", headers={"accept": "text/html", "if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_files_carry_the_headers(client: httpx.Client) -> None:
    files = _assets(client.get("/").text)
    assert files
    for path in files:
        answer = client.get(path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        for name, value in FILE_HEADERS.items():
            assert answer.headers.get_list(name.decode()) == [value.decode()]


def test_the_policy_allows_the_inline_scripts_that_are_served(client: httpx.Client) -> None:
    answer = client.get("/")
    scripts = re.findall(r"<script>(.*?)</script>", answer.text, flags=re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = re.findall(r"'sha256-([^']+)'", answer.headers["content-security-policy"])
    assert sorted(digests) == sorted(allowed)


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//evil.example/%2e%2e", "/r//evil.example/", "/%5Cevil.example/"]
)
def test_no_redirection_leaves_this_host(application: str, path: str) -> None:
    answer = _send(application, f"GET {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    place = re.search(r"(?mi)^location: (.*)\r$", answer)
    if place:
        assert urlsplit(place[1]).netloc == ""
        assert not place[1].startswith(("//", "/\\", "/%5C"))


#: Who may open the pages' socket: (Host, Origin), and the answer. %s stands for the address served.
SOCKETS = [
    ("%s", "http://%s", 101),
    ("%s", "http://evil.example", 403),
    ("%s", "null", 403),
    ("evil.example", "http://evil.example", 403),
    ("evil.example", None, 403),
    ("127.0.0.1.evil.example", None, 403),
    ("", "http://evil.example", 403),
]


@pytest.mark.parametrize(("host", "origin", "status"), SOCKETS)
def test_only_this_host_opens_the_socket(
    application: str, host: str, origin: str | None, status: int
) -> None:
    here = urlsplit(application).netloc
    lines = ["GET /_stcore/stream HTTP/1.1", f"Host: {host.replace('%s', here)}", "Upgrade: websocket"]
    lines += [
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    lines += [f"Origin: {origin.replace('%s', here)}"] if origin else []
    answer = _send(application, "\r\n".join([*lines, "", ""]))
    assert int(answer.split()[1]) == status


def _send(address: str, request: str) -> str:
    """The head of the answer to a request sent as it is."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(request.encode())
        head = b""
        while b"\r\n\r\n" not in head:
            more = connection.recv(4096)
            if not more:
                break
            head += more
    return head.decode("latin-1").split("\r\n\r\n")[0] + "\r\n"
