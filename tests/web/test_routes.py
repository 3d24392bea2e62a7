"""Short permanent links lead to the right rows, keep the view, and never leave this host."""

from urllib.parse import parse_qs, urlsplit

import pytest

from ccm.render.pages import is_page
from tests.web.asgi import application, ask

APP = application()
pytestmark = pytest.mark.usefixtures("read_store")
#: Each short link: the page it leads to, and the one parameter that says what it was made for.
LINKS = {
    "/r/CCM7-A1-05": ("/recommandation", "cle", "CCM7-A1-05"),
    "/f/recommendation/CCM7-A1-05": ("/recommandation", "cle", "CCM7-A1-05"),
    "/f/axis/A1": ("/recommandations", "axe", "A1"),
    "/f/challenge/CCM7-D03": ("/recommandations", "defi", "CCM7-D03"),
    "/f/priority/CCM7-P03": ("/recommandations", "priorite", "CCM7-P03"),
    "/f/priority/CCM7-P03/coverage": ("/recommandations", "priorite", "CCM7-P03"),
    "/f/status/blocked/overdue": ("/recommandations", "retard", "1"),
    "/f/session/7/overdue": ("/recommandations", "session", "7"),
    "/f/region/NE002": ("/regions", "region", "NE002"),
    "/f/ministry/MI-D": ("/institutions", "entite", "MI-D"),
    "/f/entity/INS": ("/institutions", "entite", "INS"),
    "/f/entity/NE002": ("/regions", "region", "NE002"),
    "/f/status/completed": ("/recommandations", "statut", "completed"),
    "/f/plan/realised": ("/recommandations", "statut", "completed"),
    "/f/plan/completion": ("/recommandations", "bilan", "comptee"),
    "/f/plan/coverage": ("/recommandations", "renseignee", "1"),
    "/f/axis/A1/completion": ("/recommandations", "bilan", "comptee"),
    "/f/axis/A1/overdue": ("/recommandations", "axe", "A1"),
    "/f/region/NE002/coverage": ("/recommandations", "region", "NE002"),
    "/f/region/XX/coverage": ("/recommandations", "region", "XX"),
    "/f/ministry/MI-D/not_reported": ("/recommandations", "statut", "not_reported"),
    "/f/recommendation/CCM7-A1-05/realised": ("/recommandations", "recommandation", "CCM7-A1-05"),
    "/f/session/8": ("/", "session", "8"),
}
VIEW = "date=2024-03-31&depuis=2023-12-31&session=7&lang=en"


@pytest.mark.parametrize("link", LINKS)
def test_a_short_link_leads_to_its_rows(link: str) -> None:
    answer = ask(APP, link)
    assert answer.status_code == 302
    place = urlsplit(answer.headers["location"])
    path, name, value = LINKS[link]
    assert place.path == path
    assert parse_qs(place.query)[name] == [value]


@pytest.mark.parametrize("link", [*LINKS, "/f/session/7", "/f/plan"])
def test_a_short_link_keeps_the_view(link: str) -> None:
    place = urlsplit(ask(APP, f"{link}?{VIEW}").headers["location"])
    query = parse_qs(place.query, strict_parsing=True)
    said = parse_qs(VIEW) | ({"session": [link.split("/")[3]]} if "/session/" in link else {})
    for name, value in said.items():
        assert query[name] == value


@pytest.mark.parametrize("link", [*LINKS, "/f/session/7", "/f/plan"])
def test_a_short_link_leads_to_a_page_that_there_is(link: str) -> None:
    assert is_page(urlsplit(ask(APP, link).headers["location"]).path)


@pytest.mark.parametrize("link", ["/f/plan/due_soon", "/f/region/NE002/due_soon"])
def test_a_figure_without_rows_leads_to_what_it_means(link: str) -> None:
    place = urlsplit(ask(APP, f"{link}?lang=en").headers["location"])
    assert (place.path, place.query, place.fragment) == ("/methode", "lang=en", "due_soon")


def test_the_path_of_a_link_has_the_first_word() -> None:
    place = urlsplit(ask(APP, "/f/axis/A1/blocked?axe=A2&statut=completed&q=eau").headers["location"])
    assert parse_qs(place.query) == {"vue": ["reponses"], "axe": ["A1"], "statut": ["blocked"], "q": ["eau"]}


#: Everything a hostile link may try in place of a key.
FOREIGN = [
    "/r//evil.example",
    "/r///evil.example",
    "/r/%2F%2Fevil.example",
    "/r/%2F%2Fevil.example%2F..",
    "/r/https:%2F%2Fevil.example",
    "/r/https:evil.example",
    "/r/%5C%5Cevil.example",
    "/r/.%2F..%2F%2Fevil.example",
    "/r/@evil.example",
    "/r/evil.example%3F@evil.example",
    "/r/evil.example%23",
    "/r/x%0d%0aLocation:%20https:%2F%2Fevil.example",
    "/r/x%00",
    "/r/%E2%80%AE",
    "/f//evil.example/x",
    "/f/axis/%2F%2Fevil.example",
    "/f/%2F%2Fevil.example/x",
    "/f/axis/https:%2F%2Fevil.example",
    "/r/x?//evil.example",
    "/r/x?cle=%2F%2Fevil.example&date=https://evil.example",
]


@pytest.mark.parametrize("link", FOREIGN)
def test_no_link_leaves_this_host(link: str) -> None:
    answer = ask(APP, link)
    assert answer.status_code in (302, 307, 404)
    place = answer.headers.get("location", "/")
    parts = urlsplit(place)
    assert (parts.scheme, parts.netloc) in {("", ""), ("http", "testserver")}, place
    assert parts.path.startswith("/")
    assert not parts.path.startswith(("//", "/\\"))
    assert not {"\r", "\n", "\0", "\\"} & set(place)


def test_a_key_stays_one_parameter() -> None:
    place = urlsplit(ask(APP, "/r/x%26lang=en%26cle=y").headers["location"])
    assert parse_qs(place.query) == {"cle": ["x&lang=en&cle=y"]}


@pytest.mark.parametrize("name", ["world_110m.json", "world_50m.json"])
def test_the_map_has_an_empty_background(name: str) -> None:
    answer = ask(APP, f"/topo/{name}")
    topology = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert "immutable" in answer.headers["cache-control"]
    assert topology["type"] == "Topology"
    assert {"coastlines", "land", "ocean", "countries"} <= topology["objects"].keys()
    assert all(shape["geometries"] == [] for shape in topology["objects"].values())
    assert len(answer.content) < 1000
