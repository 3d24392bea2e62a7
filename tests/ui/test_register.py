"""The register on screen: what it says, what its address means, what its widgets write there."""

import datetime as dt
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.elements.lib import policies

from ccm.domain.vocabulary import EntityKind, Status
from ccm.i18n import numbers
from ccm.queries.filters import (
    EVERYTHING,
    ChallengeRef,
    FilterOptions,
    Movement,
    Order,
    Outcome,
    PriorityRef,
    RegisterFilters,
)
from ccm.queries.names import AxisRef
from ccm.queries.results import EntityRef
from ccm.render import Links
from ccm.screens.asked import Asked, read
from tests.ui.conftest import Node, OpenScreen, Screen, cells

OPTIONS = FilterOptions(
    axes=(AxisRef(1, "G", "Ordre général"), AxisRef(2, "A3", "Flux")),
    challenges=(ChallengeRef("CCM7-D05", "Un défi", "A3"),),
    priorities=(PriorityRef("CCM7-P05", "Une priorité", "CCM7-D05"),),
    regions=(EntityRef("NE002", "Diffa", "Région de Diffa", EntityKind.REGION),),
    institutions=(EntityRef("MF", "MF", "Finances", EntityKind.MINISTRY),),
)
FILTERS = (
    EVERYTHING,
    RegisterFilters(q="100 % « diaspora » & <b>", axis="G"),
    RegisterFilters(
        challenge="CCM7-D05", priority="CCM7-P05", region="NE002", entity="MF", status=Status.BLOCKED
    ),
    RegisterFilters(overdue=True, unassigned=True, doubtful=True, continuous=True),
    RegisterFilters(answered=True, fresh=True, among=("NE002", "MF"), kinds=(EntityKind.MINISTRY,)),
    RegisterFilters(
        outcome=Outcome.REALISED, moved=(Movement.UP, Movement.DOWN), recommendation="CCM7-A1-05"
    ),
)


def rows(screen: Screen) -> list[list[str]]:
    """The rows of every table of the screen."""
    return [row for table in screen.tree.all("table") for row in cells(table)]


def status_line(screen: Screen) -> str:
    """The line that counts what is shown."""
    (line,) = [node for node in screen.tree.all("p") if node.attributes.get("role") == "status"]
    return line.text


def titles(screen: Screen) -> list[str]:
    """The headings of the sections."""
    return [node.text for node in screen.tree.all("h2")]


def chips(screen: Screen) -> list[tuple[str, str]]:
    """The filters in force, with the address without each."""
    return [
        (node.all("b")[0].text, node.all("a")[0].attributes["href"])
        for node in screen.tree.all("li")
        if "border" in node.attributes.get("style", "") and node.all("b")
    ]


# The address ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("answers", [False, True])
@pytest.mark.parametrize("order", list(Order))
def test_an_address_says_all_and_is_read_back(filters: RegisterFilters, answers: bool, order: Order) -> None:
    asked = Asked(filters, answers, order, page=3)
    address = urlsplit(asked.href(Links(locale="en")))
    assert address.path == "/recommandations"
    assert read(dict(parse_qsl(address.query)), OPTIONS) == asked


def test_what_is_left_at_its_default_is_not_in_the_address() -> None:
    assert Asked().href(Links()) == "/recommandations"


def test_taking_a_filter_off_keeps_the_others_and_goes_to_the_first_page() -> None:
    asked = Asked(RegisterFilters(axis="G", region="NE002", overdue=True), True, Order.LATE, page=4)
    left = Asked(RegisterFilters(axis="G", overdue=True), True, Order.LATE)
    assert asked.without("region") == left


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("axe", "A9"),
        ("defi", "<script>"),
        ("region", "MF"),
        ("institution", "XX"),
        ("statut", "réalisé"),
        ("retard", "peut-être"),
        ("tri", "hasard"),
        ("vue", "carte"),
        ("acteurs", "XX"),
        ("categorie", "Ministère"),
        ("bilan", "bon"),
        ("evolution", "oui"),
        ("recommandation", "<b>"),
        ("page", "-1"),
        ("page", "²"),
        ("page", "9" * 40),
    ],
)
def test_a_value_that_means_nothing_is_left_aside_and_named(name: str, value: str) -> None:
    asked = read({name: value, "axe" if name != "axe" else "q": "G"}, OPTIONS)
    assert asked.unknown == ((name, value),)
    assert asked.filters == (RegisterFilters(axis="G") if name != "axe" else RegisterFilters(q="G"))


def test_nothing_is_said_to_have_moved_without_a_date_to_compare_with() -> None:
    asked = read({"evolution": "hausse"}, OPTIONS, compared=False)
    assert (asked.filters, asked.unknown) == (EVERYTHING, (("evolution", "hausse"),))


def test_an_institution_that_is_a_region_is_a_region() -> None:
    assert read({"institution": "NE002"}, OPTIONS).filters == RegisterFilters(region="NE002")


def test_a_search_is_one_line_of_printable_text() -> None:
    asked = read({"q": "  eau\x00 \n et   sel\u2028" + "x" * 500}, OPTIONS)
    assert asked.filters.q.startswith("eau et sel x")
    assert len(asked.filters.q) == 200


# The real plan -------------------------------------------------------------------------------------------


def test_the_real_plan_in_french(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "register", date="2026-01-15")
    assert screen.exceptions == []
    assert screen.h1 == ["48 recommandations, 318 réponses attendues, aucune reçue au 15/01/2026."]
    assert status_line(screen) == "48 recommandations sur 48, 318 réponses attendues"
    assert titles(screen) == ["Ordre général", "Axe 1", "Axe 2", "Axe 3"]
    assert len(rows(screen)) == 48
    assert rows(screen)[0][:3] == ["G-01", "Réviser les textes régissant le CCM", "MI/D, MJ"]
    assert [row[0] for row in rows(screen) if "Non attribuée" in row[2]] == [
        "A3-10",
        "A3-11",
        "A3-12",
        "A3-13",
    ]


def test_the_real_plan_in_english(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "register", date="2026-01-15", lang="en")
    assert screen.exceptions == []
    assert screen.h1 == ["48 recommendations, 318 expected answers, none received by 15/01/2026."]
    assert status_line(screen) == "48 recommendations of 48, 318 expected answers"
    assert titles(screen) == ["General", "Axis 1", "Axis 2", "Axis 3"]
    filtered = open_screen(first_load_url, "register", region="NE002", lang="en")
    assert filtered.h1 == ["Diffa: 36 recommendations of 48, for 36 answers."]


def test_before_the_adoption(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "register", date="2022-06-01", axe="A1")
    assert screen.exceptions == []
    assert screen.h1 == ["Aucune recommandation n’était en suivi au 01/06/2022."]
    assert "/recommandations?date=2022-08-05" in screen.links
    assert rows(screen) == []


def test_nothing_found_says_what_was_looked_for_and_how_to_widen(
    open_screen: OpenScreen, first_load_url: str
) -> None:
    screen = open_screen(first_load_url, "register", q="diaspora", axe="A3")
    sentence = "Aucun résultat pour « diaspora » dans l’axe 3."
    assert screen.h1 == [sentence]
    (empty,) = screen.tree.all("div", cls="ccm-empty")
    assert empty.text.startswith(sentence)
    assert {(link.text, link.attributes["href"]) for link in empty.all("a")} == {
        ("Retirer la recherche", "/recommandations?axe=A3"),
        ("Retirer le filtre d’axe", "/recommandations?q=diaspora"),
        ("Tout retirer", "/recommandations"),
    }


def test_a_priority_keeps_the_recommendations_beside_it(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "register", priorite="CCM7-P03")
    assert screen.exceptions == []
    assert screen.h1[0].startswith("Priorité P03 : ")
    assert chips(screen) == [("Priorité P03", "/recommandations")]
    assert screen.at.selectbox(key="registre-priorite").value == "CCM7-P03"
    assert any(link.startswith("/f/priority/CCM7-P03?date=") for link in screen.links)
    unknown = open_screen(first_load_url, "register", priorite="P99")
    assert "« P99 » n’est pas une priorité connue" in unknown.text


def test_an_unknown_value_is_said_in_one_line(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "register", axe="A9", region="NE002")
    (line,) = [node for node in screen.tree.all("p") if "A9" in node.text]
    assert line.text.startswith("« A9 » n’est pas un axe connu : le filtre est laissé de côté.")
    assert [link.attributes["href"] for link in line.all("a")] == ["/recommandations?region=NE002"]
    assert screen.h1 == ["Diffa : 36 recommandations sur 48, pour 36 réponses."]


def test_a_filter_of_an_unknown_name_is_said_and_what_others_hang_on_addresses_is_not(
    open_screen: OpenScreen, first_load_url: str
) -> None:
    screen = open_screen(first_load_url, "register", etat="blocked", fbclid="x", utm_source="y")
    (line,) = [node for node in screen.tree.all("p") if "etat" in node.text]
    assert line.text.startswith("« etat=blocked » ne se comprend pas")
    assert not [node for node in screen.tree.all("p") if "fbclid" in node.text or "utm_" in node.text]


# The demonstration ---------------------------------------------------------------------------------------


def test_filters_narrow_the_page_and_can_be_taken_off(open_screen: OpenScreen, demo_url: str) -> None:
    screen = open_screen(demo_url, "register", region="NE002", statut="blocked")
    assert screen.exceptions == []
    shown = rows(screen)
    assert screen.h1[0].startswith(f"Diffa · Bloqué : {len(shown)} recommandation")
    assert chips(screen) == [
        ("Diffa", "/recommandations?statut=blocked"),
        ("Bloqué", "/recommandations?region=NE002"),
    ]
    answers = "/recommandations?region=NE002&statut=blocked&vue=reponses"
    assert answers in screen.links
    one_by_one = open_screen(demo_url, "register", **dict(parse_qsl(urlsplit(answers).query)))
    assert [(row[0], row[2], row[3]) for row in rows(one_by_one)] == [
        (row[0], "Diffa", "Bloqué") for row in shown
    ]


def test_a_headline_counts_within_the_part_that_is_looked_at(open_screen: OpenScreen, demo_url: str) -> None:
    asked = {"axe": "A2", "vue": "reponses"}
    (whole,) = open_screen(demo_url, "register", **asked).h1
    expected = re.fullmatch(r"Axe 2 : (\d+) réponses attendues\.", whole)
    assert expected
    (narrowed,) = open_screen(demo_url, "register", **asked, statut="blocked").h1
    assert re.fullmatch(rf"Axe 2 · Bloqué : \d+ réponses sur les {expected[1]} attendues\.", narrowed), (
        narrowed
    )
    narrowed_rows = open_screen(demo_url, "register", axe="A2", statut="blocked")
    assert re.match(r"Axe 2 · Bloqué : \d recommandations sur 15, pour ", narrowed_rows.h1[0])
    assert " sur 15" in status_line(narrowed_rows)


def test_the_answers_of_an_actor_state_their_mean(open_screen: OpenScreen, demo_url: str) -> None:
    (whole,) = open_screen(demo_url, "register", region="NE002", vue="reponses").h1
    mean = re.fullmatch(r"Diffa : \d+ réponses attendues\. Avancement moyen : (\d+,\d\s%)\.", whole)
    assert mean, whole
    assert mean[1] in open_screen(demo_url, "regions", region="NE002").section("Diffa").text
    (part,) = open_screen(demo_url, "register", region="NE002", axe="A2", vue="reponses").h1
    assert "Avancement" not in part


@pytest.mark.parametrize("status", list(Status))
def test_answers_one_by_one_are_as_many_as_the_headline_says(
    open_screen: OpenScreen, demo_url: str, status: Status
) -> None:
    shown: list[Node] = []
    page, last = 1, False
    while not last:
        screen = open_screen(demo_url, "register", vue="reponses", statut=status.value, page=str(page))
        assert screen.exceptions == []
        outside = {id(row) for section in screen.tree.all("section") for row in section.all("tr")}
        shown += [row for row in screen.tree.all("tr") if row.all("td") and id(row) not in outside]
        page, last = page + 1, _is_last(status_line(screen))
    assert screen.h1[0].split(" : ")[1].split(" ")[0] == (str(len(shown)) if shown else "aucune")


@pytest.mark.parametrize("view", ["reponses", "recommandations"])
def test_a_page_beyond_the_last_is_said(open_screen: OpenScreen, demo_url: str, view: str) -> None:
    screen = open_screen(demo_url, "register", vue=view, page="99")
    pages = 7 if view == "reponses" else 1
    said = "que 7 pages, voici la dernière." if pages > 1 else "qu’une page."
    (notice,) = [node for node in screen.tree.all("p") if "page=99" in node.text]
    assert f"« page=99 » : il n’y a {said}" in notice.text
    (link,) = notice.all("a")
    assert dict(parse_qsl(urlsplit(link.attributes["href"]).query)).get("page", "1") == str(pages)
    assert "page=" not in open_screen(demo_url, "register", vue=view, page=str(pages)).tree.text


@pytest.mark.parametrize(("locale", "said"), [("fr", "avancement moyen"), ("en", "mean progress")])
def test_a_quoted_completion_is_said_where_it_leads(
    open_screen: OpenScreen, demo_url: str, locale: str, said: str
) -> None:
    day = dt.date(2024, 6, 30)
    (whole,) = open_screen(demo_url, "register", bilan="comptee", date=day.isoformat(), lang=locale).h1
    assert said in whole
    assert numbers.day(day, locale) in whole
    assert said not in open_screen(demo_url, "register", bilan="comptee", q="diaspora", lang=locale).h1[0]


def _is_last(line: str) -> bool:
    """Whether « 79 réponses, 3 hors compte · lignes 51 à 82 » is the last page."""
    counts = [int(word) for word in line.replace(",", " ").split() if word.isdigit()]
    total = counts[0] + (counts[1] if "hors compte" in line else 0)
    return "lignes" not in line or counts[-1] >= total


def test_a_blocked_answer_says_what_blocks_and_who_can_lift_it(
    open_screen: OpenScreen, demo_url: str
) -> None:
    screen = open_screen(demo_url, "register", vue="reponses", statut="blocked")
    for row in rows(screen):
        assert "Doit agir : " in row[-1]
        assert len(row[-1]) > len("Doit agir : MF")


def test_a_widget_writes_a_code_to_the_address_in_any_language(
    open_screen: OpenScreen, demo_url: str
) -> None:
    for locale in ("fr", "en"):
        screen = open_screen(demo_url, "register", lang=locale, page="1")
        screen.at.selectbox(key="registre-region").select("NE002")
        screen.at.run()
        screen.at.selectbox(key="registre-statut").select("blocked")
        screen.at.run()
        parameters = screen.at.query_params
        assert parameters["region"] in ("NE002", ["NE002"])
        assert parameters["statut"] in ("blocked", ["blocked"])
        assert "page" not in parameters
        assert Screen(screen.at).h1[0].startswith("Diffa · ")


def test_a_page_of_rows_leads_to_the_others(open_screen: OpenScreen, demo_url: str) -> None:
    at = open_screen(demo_url, "register", vue="reponses", page="2").at
    (pagination,) = at.get("pagination")
    assert pagination.proto.default == 2


def test_no_widget_has_two_values_at_first(
    open_screen: OpenScreen, demo_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Streamlit says so once in a process, in its log.
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)
    screen = open_screen(demo_url, "register", vue="reponses", page="2")
    assert screen.at.get("pagination")
    assert not policies._shown_default_value_warning


def test_an_address_sets_the_widgets(open_screen: OpenScreen, demo_url: str) -> None:
    at = open_screen(demo_url, "register", q="eau", axe="A2", tri="retard", retard="1").at
    assert at.text_input(key="registre-q").value == "eau"
    assert at.selectbox(key="registre-axe").value == "A2"
    assert at.selectbox(key="registre-tri").value == "retard"
    assert at.selectbox(key="registre-region").value == ""


def test_a_search_is_shown_as_it_was_typed(open_screen: OpenScreen, demo_url: str) -> None:
    typed = "US$5 and US$6 <img src=x onerror=alert(1)> :material/x:"
    screen = open_screen(demo_url, "register", q=typed)
    assert screen.h1 == [f"Aucun résultat pour « {typed} »."]
    assert screen.tree.all("img") == []
