"""The pages of accounts as a browser asks for them: cookies, forged requests, where one is sent."""

import asyncio
import datetime as dt
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pyotp
import pytest
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.one_time_links import IssueLink, first_administrator_code
from ccm.commands.own_account import BeginSecondFactor, ConfirmSecondFactor
from ccm.commands.people_changes import DisablePerson
from ccm.commands.periods import ChangeSetting
from ccm.commands.process_store import process_store
from ccm.store import Store
from ccm.store.models import SignIn
from tests.support.accounts import ADMINISTRATOR, DIFFA, DONOR, PASSWORD, add, enter, is_refused, who
from tests.web.asgi import application
from tests.web.plain_browser import HOST, Browser as PlainBrowser

OTHER, WEAK, WRONG = "tortue mil puits sable", "azerty", "typed-by-mistake"


async def _page(request: Request) -> Response:
    response = HTMLResponse(f"a page of Streamlit's: {request.url.path}")
    response.set_cookie("_streamlit_xsrf", "2|abc")
    response.headers.append("set-cookie", "other=1; Secure; Path=/")
    return response


PAGES = ("/", "/recommandations", "/administration")
APP = application(*(Route(path, _page) for path in PAGES), Route("/_stcore/health", _page))


class Browser(PlainBrowser):
    """One that meets these pages."""

    def __init__(self, app: Starlette = APP) -> None:
        super().__init__(app)


@pytest.fixture
def people(asked_store: Store, quick_hashes: None) -> Store:
    """The store of the application, with a focal point and an administrator."""
    add(asked_store, DIFFA, "focal_point", "NE002")
    add(asked_store, ADMINISTRATOR, "administrator")
    return asked_store


@pytest.fixture
def browser(people: Store) -> Browser:
    """A browser that has not been here."""
    return Browser()


def token(browser: Browser) -> str | None:
    """The sign-in that the browser holds."""
    return browser.cookies.get("ccm_session") or browser.cookies.get("__Host-ccm_session")


# Signing in and out ------------------------------------------------------------------------------------


def test_signing_in_and_out(browser: Browser, people: Store) -> None:
    answer = browser.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/mon-espace")
    held = token(browser)
    assert who(people, held).name == DIFFA
    browser.get("/compte")
    assert DIFFA in browser.last.text
    answer = browser.fill("/deconnexion")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert token(browser) is None
    assert not who(people, held).signed_in
    answer = browser.get("/compte")
    assert (answer.status_code, answer.headers["location"]) == (303, "/connexion?next=%2Fcompte")


def test_wrong_and_unknown_are_answered_alike(browser: Browser) -> None:
    answers = []
    for name in (DIFFA, "Personne"):
        browser.sign_in(name, password=WRONG)
        answers.append((browser.last.status_code, browser.last.text.replace(name, "…")))
    csrf = re.compile(r'name="csrf" value="[^"]*"')
    assert len({(status, csrf.sub("", text)) for status, text in answers}) == 1
    assert answers[0][0] == 401
    assert 'role="alert"' in answers[0][1]


def test_what_was_typed_stays_but_for_the_password(browser: Browser) -> None:
    answer = browser.sign_in('"><script>alert(1)</script>', password=WRONG)
    assert "<script" not in answer.text
    assert "&#34;&gt;&lt;script&gt;" in answer.text
    assert WRONG not in answer.text


@pytest.mark.parametrize("planted", ["planted", "x" * 4000])
def test_a_planted_sign_in_is_replaced(browser: Browser, people: Store, planted: str) -> None:
    browser.cookies.set("ccm_session", planted, domain="testserver.local")
    browser.sign_in()
    assert token(browser) != planted
    assert who(people, token(browser)).name == DIFFA
    assert not who(people, planted).signed_in


def test_the_sign_in_that_a_browser_held_ends_with_the_next(browser: Browser, people: Store) -> None:
    browser.sign_in()
    first = token(browser)
    browser.sign_in(ADMINISTRATOR)
    assert not who(people, first).signed_in
    assert who(people, token(browser)).name == ADMINISTRATOR


def test_the_forms_token_changes_with_the_sign_in(browser: Browser) -> None:
    browser.get("/connexion")
    before = browser.cookies["ccm_csrf"]
    browser.fill("/connexion", identifier=DIFFA, password=PASSWORD)
    assert browser.cookies["ccm_csrf"] != before
    assert browser.post("/compte/second-facteur", csrf=before).status_code == 422


# Where one is sent -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/?date=2024-06-30",
        "/administration",
        "/repondre?engagement=CCM7-A1-05/NE002&lang=en",
        "/recommandations?q=a%20b#c",
    ],
)
def test_one_is_back_where_one_was(browser: Browser, path: str) -> None:
    answer = browser.sign_in(path="/connexion?" + urlencode({"next": path}))
    assert answer.headers["location"] == path


@pytest.mark.parametrize(
    ("path", "space"),
    [("/", "/mon-espace"), ("/?lang=en", "/mon-espace?lang=en"), ("/leger", "/leger/mon-espace")],
)
def test_a_focal_point_who_comes_by_the_front_door_is_in_their_space(
    browser: Browser, path: str, space: str
) -> None:
    asked = "/connexion?" + urlencode({"next": path})
    assert browser.sign_in(path=asked).headers["location"] == space
    assert browser.sign_in(ADMINISTRATOR, path=asked).headers["location"] == path


def test_without_any_administrator_the_form_leads_to_the_first_account(asked_store: Store) -> None:
    assert 'href="/premier-compte"' in Browser().get("/connexion").text
    first_administrator_code(asked_store)
    browser = Browser()
    browser.get("/premier-compte")
    answer = browser.fill(
        "/premier-compte", code="faux", name=ADMINISTRATOR, password=PASSWORD, again=PASSWORD
    )
    assert "sa console en donne un nouveau" in answer.text.replace("&#39;", "'")


FOREIGN = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "evil.example",
    " //evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\x00/evil.example",
    "/\u200b/evil.example",
    "/\ufeff//evil.example",
    "\u2215/evil.example",
    "",
    "@evil.example",
    ".//evil.example",
)


def test_no_next_leads_to_another_site(browser: Browser) -> None:
    for path in FOREIGN:
        answer = browser.sign_in(path="/connexion?" + urlencode({"next": path}))
        assert (answer.status_code, answer.headers["location"]) == (303, "/mon-espace"), path


def test_english_stays_english(browser: Browser) -> None:
    browser.get("/connexion?lang=en")
    assert '<html lang="en">' in browser.last.text
    assert browser.fill("/connexion", identifier=DIFFA, password=WRONG).status_code == 401
    assert '<html lang="en">' in browser.last.text
    assert "wait a quarter of an hour" in browser.last.text
    answer = browser.fill("/connexion", identifier=DIFFA, password=PASSWORD)
    assert answer.headers["location"] == "/mon-espace?lang=en"


# Forged requests ---------------------------------------------------------------------------------------

CHANGING = [
    "/connexion",
    "/deconnexion",
    "/lien/{link}",
    "/premier-compte",
    "/compte/mot-de-passe",
    "/compte/confirmer",
    "/compte/second-facteur",
    "/compte/code",
    "/compte/sans-second-facteur",
]
FIELDS = {
    "identifier": DIFFA,
    "password": PASSWORD,
    "again": PASSWORD,
    "current": PASSWORD,
    "new": OTHER,
    "name": "Intrus",
    "everywhere": "1",
    "code": "",
}


def _state(store: Store) -> list[str]:
    """Everything that the forms of accounts may change."""
    from sqlalchemy import select

    from ccm.store.models import Credential, OneTimeLink, RecoveryCode, SignIn, User

    with store.read() as connection:
        tables = (User, Credential, RecoveryCode, OneTimeLink, SignIn)
        return [str(row) for table in tables for row in connection.execute(select(table)).all()]


#: What gives away a request of another site, with or without the right token.
FORGED: list[tuple[dict[str, str], bool]] = [
    ({"origin": "https://evil.example"}, True),
    ({"origin": "null"}, True),
    ({"origin": HOST + ".evil.example"}, True),
    ({"origin": "http://testserver:81"}, True),
    ({"sec-fetch-site": "cross-site"}, True),
    ({"sec-fetch-site": "same-site"}, True),
    ({}, False),
]


@pytest.mark.parametrize("path", CHANGING)
def test_a_form_of_another_site_changes_nothing(browser: Browser, people: Store, path: str) -> None:
    path = path.format(link=submit(people, CONSOLE, IssueLink(DIFFA)))
    browser.cookies.set("ccm_session", enter(people))
    browser.get("/connexion")
    before = _state(people)
    for headers, csrf in FORGED:
        sent = browser.cookies["ccm_csrf"] if csrf else "another"
        answer = browser.post(path, headers, **FIELDS, csrf=sent)
        assert answer.status_code in (303, 401, 422)
        assert _state(people) == before, headers
        assert "ccm_session" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("csrf", ["", "another"])
def test_a_browser_without_the_forms_cookie_is_refused(browser: Browser, csrf: str) -> None:
    answer = browser.post("/connexion", identifier=DIFFA, password=PASSWORD, csrf=csrf)
    assert answer.status_code == 401
    assert token(browser) is None


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", CHANGING)
def test_to_open_a_page_changes_nothing(browser: Browser, people: Store, path: str, method: str) -> None:
    path = path.format(link=submit(people, CONSOLE, IssueLink(DIFFA)))
    browser.cookies.set("ccm_session", enter(people))
    before = _state(people)
    answer = browser.send(method, path + "?" + urlencode(FIELDS), headers={"accept": "text/html"})
    assert answer.status_code in (200, 303)
    assert _state(people) == before


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"a" * 70_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"f%d=1" % n for n in range(500)), "application/x-www-form-urlencoded"),
        (b"\xff\xfe%ZZ=%ED%A0%80", "application/x-www-form-urlencoded"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"", ""),
    ],
)
def test_a_body_that_is_no_form_of_ours_is_refused(browser: Browser, body: bytes, kind: str) -> None:
    answer = browser.send("POST", "/connexion", content=body, headers={"content-type": kind})
    assert answer.status_code in (400, 401, 413)
    assert "Traceback" not in answer.text


def test_a_file_in_place_of_a_text_is_an_empty_text(browser: Browser) -> None:
    browser.get("/connexion")
    answer = browser.send(
        "POST",
        "/connexion",
        data={"csrf": browser.cookies["ccm_csrf"]},
        files={"password": ("x.txt", b"x")},
        headers={"origin": HOST},
    )
    assert answer.status_code in (400, 401)


def test_a_body_of_unknown_length_is_not_read(browser: Browser) -> None:
    async def endless() -> Any:
        for _ in range(10):
            yield b"a=b&"

    answer = browser.send("POST", "/connexion", content=endless())
    assert answer.status_code == 413


# Links and the first account ---------------------------------------------------------------------------


def test_a_link_sets_a_password_once(browser: Browser, people: Store) -> None:
    add(people, DONOR, "donor", password=None)
    path = f"/lien/{submit(people, CONSOLE, IssueLink(DONOR))}"
    assert DONOR in browser.get(path).text
    assert browser.fill(password=OTHER, again=PASSWORD).status_code == 422
    assert browser.fill(password=WEAK, again=WEAK).status_code == 422
    answer = browser.fill(password=OTHER, again=OTHER)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert who(people, token(browser)).name == DONOR
    assert browser.get(path).status_code == 404
    browser.get("/connexion")
    assert (
        browser.post(path, csrf=browser.cookies["ccm_csrf"], password=OTHER, again=OTHER).status_code == 404
    )


def test_a_link_sends_whoever_has_a_second_factor_to_where_it_is_asked_for(
    browser: Browser, people: Store
) -> None:
    secret = submit(people, who(people, enter(people)), BeginSecondFactor())
    code = pyotp.TOTP(secret).now()
    (recovery, *_) = submit(people, who(people, enter(people)), ConfirmSecondFactor(code))
    browser.get(f"/lien/{submit(people, CONSOLE, IssueLink(DIFFA))}?lang=en")
    answer = browser.fill(password=OTHER, again=OTHER)
    assert answer.status_code == 303
    assert token(browser) is None
    browser.get(answer.headers["location"])
    assert browser.last.request.url.path == "/connexion"
    assert "The link does not replace your second factor" in browser.last.text
    assert browser.fill("/connexion", identifier=DIFFA, password=OTHER).status_code == 401
    assert browser.fill("/connexion", identifier=DIFFA, password=OTHER, code=recovery).status_code == 303
    assert who(people, token(browser)).name == DIFFA


def test_the_mark_of_a_sign_in_outlives_it_and_opens_nothing(browser: Browser, people: Store) -> None:
    browser.sign_in()
    mark = browser.cookies["ccm_device"]
    browser.get("/compte")
    browser.fill("/deconnexion")
    assert browser.cookies["ccm_device"] == mark
    browser.cookies.set("ccm_session", mark)
    assert browser.get("/compte").status_code == 303
    for n in range(10):
        assert is_refused(people, DIFFA, address=f"203.0.113.{n}")
    assert browser.sign_in().status_code == 303


def test_a_dead_link_does_not_say_why(browser: Browser, people: Store) -> None:
    used = submit(people, CONSOLE, IssueLink(DIFFA))
    submit(people, CONSOLE, IssueLink(DIFFA))
    add(people, "Parti", "reader", password=None)
    gone = submit(people, CONSOLE, IssueLink("Parti"))
    submit(people, CONSOLE, DisablePerson("Parti"))
    said = {browser.get(f"/lien/{dead}").text for dead in (used, gone, "x", "%00", "é")}
    assert len(said) == 1


def test_the_form_of_the_first_account_is_there_only_while_there_is_none(
    sqlite_store_url: str, quick_hashes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCM_STORE", sqlite_store_url)
    store, browser = process_store(sqlite_store_url), Browser()
    code = first_administrator_code(store) or ""
    assert browser.get("/premier-compte").status_code == 200
    given = {"name": "Secrétariat 1", "password": PASSWORD, "again": PASSWORD}
    assert browser.fill(code="x", **given).status_code == 422
    assert browser.fill(code=code, **{**given, "name": " "}).status_code == 422
    assert browser.fill(code=code, **given).status_code == 303
    assert who(store, token(browser)).name == "Secrétariat 1"
    answer = browser.get("/premier-compte")
    assert (answer.status_code, answer.headers["location"]) == (303, "/connexion")
    store.close()


# One's own account -------------------------------------------------------------------------------------


def test_the_detour_to_confirm_a_password_leads_back(browser: Browser, people: Store) -> None:
    browser.sign_in(ADMINISTRATOR)
    browser.get("/compte?" + urlencode({"confirmer": "1", "next": "/administration?lang=en"}))
    assert browser.fill("/compte/confirmer", password=WRONG).status_code == 422
    answer = browser.fill("/compte/confirmer", password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/administration?lang=en")


def test_the_head_of_the_journal_asks_for_the_password_again(browser: Browser, people: Store) -> None:
    browser.sign_in(ADMINISTRATOR)
    assert browser.get("/journal/tete.json").json()["seq"] > 0
    with people.write("test") as transaction:
        long_ago = transaction.now - dt.timedelta(minutes=11)
        transaction.connection.execute(update(SignIn).values(confirmed_at=long_ago))
    answer = browser.get("/journal/tete.json?lang=en")
    assert answer.status_code == 303
    browser.get(answer.headers["location"])
    answer = browser.fill("/compte/confirmer", password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/journal/tete.json?lang=en")
    assert browser.get(answer.headers["location"]).json()["seq"] > 0
    browser.sign_in()
    assert browser.get("/journal/tete.json").headers["location"] == "/connexion?next=%2Fjournal"


def test_the_detour_leads_to_no_other_site(browser: Browser) -> None:
    browser.sign_in()
    browser.get("/compte?" + urlencode({"confirmer": "1", "next": "//evil.example"}))
    assert browser.fill("/compte/confirmer", password=PASSWORD).headers["location"] == "/"


def test_a_detour_begun_signed_out_goes_on_after_signing_in(browser: Browser) -> None:
    answer = browser.get("/compte?" + urlencode({"confirmer": "1", "next": "/administration"}))
    back = parse_qs(urlsplit(answer.headers["location"]).query)["next"][0]
    assert parse_qs(urlsplit(back).query) == {"confirmer": ["1"], "next": ["/administration"]}
    assert browser.sign_in(path=answer.headers["location"]).headers["location"] == back


def test_the_secret_is_shown_to_its_owner_alone_and_never_kept_by_a_cache(
    browser: Browser, people: Store
) -> None:
    browser.sign_in()
    secret = submit(people, who(people, token(browser)), BeginSecondFactor())
    answer = browser.get("/compte")
    assert secret in answer.text
    assert "<svg" in answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    other = Browser()
    other.sign_in(ADMINISTRATOR)
    assert secret not in other.get("/compte").text


def test_no_page_of_accounts_has_a_script(browser: Browser) -> None:
    browser.sign_in()
    for path in ("/compte", "/compte?confirmer=1", "/connexion", "/lien/x"):
        text = browser.get(path).text
        assert not re.search(r"<script|<iframe|<img|\son\w+=|javascript:", text), path


# Cookies -----------------------------------------------------------------------------------------------


def _cookies(answer: httpx.Response) -> dict[str, set[str]]:
    """Each cookie that is set, with its attributes in small letters."""
    parts = [cookie.split(";") for cookie in answer.headers.get_list("set-cookie")]
    return {
        name.partition("=")[0]: {attribute.strip().lower() for attribute in attributes}
        for name, *attributes in parts
    }


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    cookies = _cookies(browser.sign_in())
    assert cookies["ccm_session"] == {"httponly", "samesite=lax", "path=/"}
    assert cookies["ccm_csrf"] == {"httponly", "samesite=strict", "path=/"}
    assert cookies["ccm_device"] == {"httponly", "samesite=strict", "path=/", "max-age=7776000"}


def test_behind_tls_every_cookie_is_secure_and_ours_belong_to_this_host(
    browser: Browser, people: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCM_TLS", "1")
    browser.get("/connexion")
    # httpx hands a secure cookie to no plain address: what the browser would send is written by hand.
    (csrf,) = re.findall(r'name="csrf" value="([^"]+)"', browser.last.text)
    given = {"identifier": DIFFA, "password": PASSWORD, "csrf": csrf}
    cookie = {"cookie": f"__Host-ccm_csrf={csrf}"}
    answer = browser.post("/connexion", {**cookie, "origin": "https://testserver"}, **given)
    cookies = _cookies(answer)
    assert cookies["__Host-ccm_session"] == {"httponly", "samesite=lax", "path=/", "secure"}
    assert cookies["__Host-ccm_csrf"] == {"httponly", "samesite=strict", "path=/", "secure"}
    page = _cookies(browser.get("/"))
    assert page["_streamlit_xsrf"] >= {"secure"}
    assert browser.last.headers.get_list("set-cookie")[1].lower().count("secure") == 1
    assert browser.last.headers["strict-transport-security"] == "max-age=31536000"
    plain = browser.post("/connexion", {**cookie, "origin": "http://testserver"}, **given)
    assert plain.status_code == 401, "the same name by plain http is another site"


def test_without_tls_nothing_is_said_of_it(browser: Browser) -> None:
    assert "strict-transport-security" not in browser.get("/").headers


# Pages -------------------------------------------------------------------------------------------------


def test_without_public_reading_pages_lead_to_the_form(browser: Browser, people: Store) -> None:
    assert browser.get("/recommandations?axe=A1").status_code == 200
    submit(people, CONSOLE, ChangeSetting("public_reading", "off"))
    answer = browser.get("/recommandations?axe=A1&lang=en")
    assert answer.status_code == 303
    place = urlsplit(answer.headers["location"])
    query = parse_qs(place.query)
    assert place.path == "/connexion"
    assert query == {"next": ["/recommandations?axe=A1&lang=en"], "lang": ["en"]}
    for path in ("/connexion", "/premier-compte", "/lien/x", "/_stcore/health", "/topo/world_110m.json"):
        location = browser.get(path).headers.get("location", "")
        assert "next=" not in location, path
    browser.sign_in()
    assert browser.get("/recommandations").status_code == 200


def test_an_administrator_who_owes_a_second_factor_is_led_to_the_account(
    browser: Browser, people: Store
) -> None:
    browser.sign_in(ADMINISTRATOR)
    submit(people, CONSOLE, ChangeSetting("second_factor_for_administrators", "required"))
    for path in PAGES:
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/compte")
    assert browser.get("/compte").status_code == 200


def test_a_sign_in_that_is_over_is_taken_from_the_browser(browser: Browser, people: Store) -> None:
    browser.sign_in()
    assert token(browser)
    submit(people, CONSOLE, DisablePerson(DIFFA))
    assert browser.get("/").status_code == 200
    assert token(browser) is None


def test_to_open_a_page_keeps_a_sign_in_alive_and_a_file_does_not(
    browser: Browser, people: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched: list[str] = []
    monkeypatch.setattr("ccm.web.arrival.touch", lambda _store, actor: touched.append(actor.name))
    browser.sign_in()
    browser.get("/_stcore/health")
    browser.send("GET", "/", headers={"accept": "*/*"})
    browser.send("POST", "/", headers={"accept": "text/html"})
    assert touched == []
    browser.get("/")
    assert touched == [DIFFA]


# Sockets and uploads -----------------------------------------------------------------------------------


def _socket_headers(cookie: str, *given: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    """What Streamlit sees of a socket that a client opens with these headers."""
    seen: list[tuple[bytes, bytes]] = []

    async def inner(scope: Any, _receive: Any, _send: Any) -> None:
        seen.extend(scope["headers"])

    from ccm.web.pages import PageGate

    headers = [(b"cookie", f"ccm_session={cookie}".encode()), *given]
    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": headers}
    asyncio.run(PageGate(inner, [])(scope, None, None))  # type: ignore[arg-type]
    return [pair for pair in seen if pair[0].lower() == b"x-ccm-browser"]


def test_a_socket_says_whose_it_is_and_a_client_cannot() -> None:
    (honest,) = _socket_headers("token")
    forged = [(b"x-ccm-browser", honest[1]), (b"X-CCM-Browser", honest[1])]
    (attacker,) = _socket_headers("other", *forged)
    assert len(honest[1]) == 64
    assert b"token" not in honest[1]
    assert attacker[1] != honest[1]


def test_uploads_are_for_people_who_may_add_evidence(browser: Browser, people: Store) -> None:
    path = "/_stcore/upload_file/session/file"
    add(people, DONOR, "donor")
    for method in ("PUT", "DELETE", "GET", "POST"):
        assert browser.send(method, path).status_code == 403
    browser.sign_in(DONOR)
    assert browser.send("PUT", path).status_code == 403
    browser.sign_in()
    assert browser.send("PUT", path).status_code == 404
    browser.cookies.set("strange", '[{"a": 1}]')
    assert browser.send("PUT", path).status_code == 404
    submit(people, CONSOLE, DisablePerson(DIFFA))
    assert browser.send("PUT", path).status_code == 403


@pytest.mark.parametrize(
    ("client", "forwarded", "proxies", "address"),
    [
        ("192.0.2.1", "", "", "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", "", "192.0.2.1"),
        ("10.0.0.1", "203.0.113.9", "10.0.0.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.66, 203.0.113.9", "10.0.0.1", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "10.0.0.1,10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "", "10.0.0.1", "10.0.0.1"),
        ("10.0.0.1", " , ", "10.0.0.1", "10.0.0.1"),
    ],
)
def test_only_a_known_proxy_says_who_asks(
    monkeypatch: pytest.MonkeyPatch, client: str, forwarded: str, proxies: str, address: str
) -> None:
    from ccm.web.requests import address_of

    monkeypatch.setenv("CCM_PROXIES", proxies)
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    request = Request({"type": "http", "headers": headers, "client": (client, 1)})
    assert address_of(request) == address


def test_a_store_that_cannot_be_read_is_one_sentence(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "letter.db").write_text("Monsieur le Ministre, " * 200, encoding="utf-8")
    monkeypatch.setenv("CCM_STORE", f"sqlite:///{tmp_path / 'letter.db'}")
    browser = Browser()
    csrf = {"x-csrf-token": "x", "cookie": "ccm_csrf=x"}
    for answer in (
        browser.get("/connexion"),
        browser.post("/connexion", identifier="x"),
        browser.get("/compte"),
        browser.get("/preuve/1"),
        browser.get("/relance.eml?acteur=NE002"),
        browser.get("/relance.html?acteur=NE002"),
        browser.get("/journal/tete.json"),
        browser.send("PUT", "/_stcore/upload_file/session/file"),
        browser.send("POST", "/brouillon", headers=csrf, json={"assignment": "x", "cells": {}}),
    ):
        assert answer.status_code == 503, answer.request.url
        assert answer.text.rstrip('"}').endswith(".")
        assert "content-security-policy" in answer.headers
        for hidden in ("Traceback", "letter", "sqlite", str(tmp_path)):
            assert hidden not in answer.text
    assert browser.get("/connexion?lang=en").text.startswith("The data can be neither read")
    assert str(tmp_path / "letter.db") in caplog.text, "the log says where"
    assert browser.get("/").status_code == 200, "the page itself says so"
