"""On paper: every page on clean sheets, nothing cut, no heading without what it heads."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.one_time_links import IssueLink, use_link
from ccm.render.pages import LIGHT, page_at
from tests.browser.reporting import DESK, FORM, Served, entered, served, stands
from tests.support.accounts import PASSWORD
from tests.support.browser import until
from tests.support.sheets import faults

#: A sheet between our widest margins, as a window.
A_SHEET = {"width": 695, "height": 1000}
FOCAL, SECRETARIAT = "Point focal Tillabéri (démo)", "Validateur du Secrétariat (démo)"
ADMINISTRATOR = "Administratrice du Secrétariat (démo)"
#: What everybody reads, each page with one of its objects chosen too.
READ = (
    "/",
    "/recommandations",
    "/recommandations?vue=reponses",
    "/recommandation?cle=CCM7-A1-05",
    "/recommandation?cle=CCM7-G-01",
    "/recommandation?cle=CCM7-G-03",
    "/regions",
    "/regions?region=NE006",
    "/institutions",
    "/institutions?entite=MAEC",
    "/institutions?entite=PTF",
    "/methode",
)
EXPLORED = ("/explorer", "/explorer?axe=A1")
#: Of those who answer and those who follow up, and who sees them.
WORKED = (
    (FOCAL, "/mon-espace"),
    (FOCAL, FORM),
    (SECRETARIAT, "/validation"),
    (SECRETARIAT, "/relances"),
    (ADMINISTRATOR, "/journal"),
    (SECRETARIAT, "/recommandation?cle=CCM7-A1-05"),
    (ADMINISTRATOR, "/administration"),
)
#: Where each way to break a sheet is met: pairs and grids, lists of answers, a matrix, a source's cells, one
#: that was chosen.
MET_AT_EACH_CHANGE = (
    "/",
    "/recommandations?vue=reponses",
    "/recommandation?cle=CCM7-G-03",
    "/regions?region=NE006",
    "/institutions?entite=MAEC",
)
Printed = Callable[[str, str], list[str]]


@pytest.fixture
def printed(page_factory: Callable[..., Page]) -> Printed:
    """`printed(address, locale)`: what is wrong with a page that is printed."""
    page = page_factory(viewport=DESK)

    def found(address: str, locale: str) -> list[str]:
        page.set_viewport_size(DESK)
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={locale}")
        return faults(page if LIGHT in address else drawn(stands(page)))

    return found


def drawn(page: Page) -> Page:
    """The page, once its charts are there too: their program comes last."""
    page.wait_for_load_state("networkidle")
    until(
        page, "() => [...document.querySelectorAll('.stPlotlyChart')].every(one => one.querySelector('svg'))"
    )
    return page


def in_light(path: str) -> str:
    """The light page of a path."""
    return LIGHT + path.removesuffix("/")


@pytest.mark.parametrize(
    ("path", "locale"),
    [
        pytest.param(path, locale, marks=[] if short else pytest.mark.long)
        for path in READ
        for locale in ("fr", "en")
        for short in [locale == "fr" and path in MET_AT_EACH_CHANGE]
    ],
)
def test_light_pages_are_clean_on_paper(
    printed: Printed, demonstration_application: str, path: str, locale: str
) -> None:
    assert printed(demonstration_application + in_light(path), locale) == []


@pytest.mark.parametrize("path", ["/institutions?entite=MAEC", "/explorer"])
def test_pages_of_the_application_are_clean_on_paper(
    printed: Printed, demonstration_application: str, path: str
) -> None:
    assert printed(demonstration_application + path, "fr") == []


@pytest.mark.long
@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("path", [*READ, *EXPLORED])
def test_every_page_that_is_read_is_clean_on_paper(
    printed: Printed, application: str, demonstration_application: str, path: str, locale: str
) -> None:
    assert printed(demonstration_application + path, locale) == []
    assert printed(application + path, locale) == []
    if path not in EXPLORED:
        assert printed(application + in_light(path), locale) == []


@pytest.mark.parametrize(
    ("store", "path"),
    [
        ("demonstration_application", "/recommandations"),
        *(pytest.param("application", path, marks=pytest.mark.long) for path in READ),
        *(
            pytest.param("demonstration_application", path, marks=pytest.mark.long)
            for path in READ
            if path != "/recommandations"
        ),
    ],
)
def test_light_pages_are_clean_wherever_their_sheets_end(
    page_factory: Callable[..., Page], request: pytest.FixtureRequest, store: str, path: str
) -> None:
    page = page_factory(viewport=DESK)
    page.goto(request.getfixturevalue(store) + in_light(path))
    # Each time the sheets break the page elsewhere.
    for lower in range(40, 640, 75):
        page.set_viewport_size(DESK)
        page.locator(".ccm h1").evaluate("(one, lower) => { one.style.marginTop = `${lower}px`; }", lower)
        assert faults(page) == [], lower


@pytest.fixture(scope="module")
def staffed(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A demonstration whose people have passwords."""
    folder = tmp_path_factory.mktemp("staffed")
    url = f"sqlite:///{shutil.copyfile(demo_template, folder / 'demo.db')}"
    with served(url, folder / "application.log") as demo:
        for name in {name for name, _ in WORKED}:
            use_link(demo.store, submit(demo.store, CONSOLE, IssueLink(name)), PASSWORD)
        yield demo


@pytest.mark.parametrize(
    ("name", "path", "locale"),
    [
        pytest.param(name, path, locale, marks=[] if short else pytest.mark.long)
        for name, path in WORKED
        for locale in ("fr", "en")
        for short in [locale == "fr" and path in (FORM, "/validation")]
    ],
)
def test_pages_of_people_who_are_signed_in_are_clean_on_paper(
    page_factory: Callable[..., Page], staffed: Served, name: str, path: str, locale: str
) -> None:
    page = entered(page_factory, staffed, name)
    query = f"{'&' if '?' in path else '?'}lang={locale}"
    page.goto(f"{staffed.address}{path}{query}")
    assert faults(stands(page)) == []
    if page_at(path.partition("?")[0]).light:
        page.goto(f"{staffed.address}{in_light(path)}{query}")
        assert faults(page) == []


@pytest.mark.parametrize(
    ("path", "table", "texts"),
    [
        ("recommandations?vue=reponses", ".ccm-answers", {2: 0.18, 8: 0.18}),
        ("recommandations", ".ccm-register", {2: 0.25}),
    ],
)
def test_texts_have_room_on_paper(
    page_factory: Callable[..., Page],
    demonstration_application: str,
    path: str,
    table: str,
    texts: dict[int, float],
) -> None:
    page = page_factory(viewport=A_SHEET)
    page.emulate_media(media="print")
    page.goto(f"{demonstration_application}/leger/{path}")
    for column, least in texts.items():
        head = page.locator(f"{table} thead th:nth-child({column})").first
        share = head.evaluate("one => one.offsetWidth / one.closest('table').offsetWidth")
        assert share > least, (column, share)


def test_a_list_is_whole_on_paper(page_factory: Callable[..., Page], application: str) -> None:
    page = page_factory(viewport=A_SHEET)
    page.goto(f"{application}/leger/regions?region=NE002")
    missing = page.locator("div:has(> h3)", has_text="Réponses manquantes (36)")
    rows, way = missing.locator("tbody tr:visible"), missing.locator("p:visible", has_text="autres")
    assert (rows.count(), way.count()) == (25, 1)
    page.emulate_media(media="print")
    assert (rows.count(), way.count()) == (36, 0)


@pytest.mark.parametrize("path", ["/mon-espace", FORM])
def test_ones_own_pages_take_the_whole_sheet(
    page_factory: Callable[..., Page], staffed: Served, path: str
) -> None:
    page = entered(page_factory, staffed, FOCAL, A_SHEET)
    page.emulate_media(media="print")
    page.goto(staffed.address + in_light(path))
    wide = "one => one.offsetWidth / document.querySelector('.ccm-main').offsetWidth"
    for one in page.locator(".ccm-space, .ccm-answer").all():
        assert one.evaluate(wide) > 0.98
