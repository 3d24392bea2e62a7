"""Files of the figures by axis, region and institution: what the pages offer holds what `figures` says."""

import csv
import io
import json
from collections.abc import Iterator
from html import unescape
from re import findall
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from typer.testing import CliRunner

from ccm.cli.app import PROGRAM, program
from ccm.commands.process_store import process_store
from ccm.config import settings
from ccm.domain.figures import COUNTS
from ccm.domain.vocabulary import UserRole
from ccm.render.pages import LIGHT
from ccm.store import Store
from tests.integration.acting import import_reports, report
from tests.support import people
from tests.web.asgi import application, ask

APP = application()
FORMS = ("xlsx", "csv", "json")
NAMES = (*COUNTS, "realised", "completion", "coverage")
#: The page that offers a file's table, and the groupings of `figures` that say the same of its rows.
PAGES = {
    "axes": ("", ("axis",)),
    "regions": ("/regions", ("region",)),
    "institutions": ("/institutions", ("ministry", "entity")),
}
#: What an address asks, and the options of `figures` that ask the same.
ASKED: tuple[tuple[dict[str, str], tuple[str, ...]], ...] = (
    ({}, ()),
    ({"date": "2023-12-31"}, ("--as-of", "2023-12-31")),
    ({"session": "7", "lang": "en"}, ("--session", "7")),
    ({"date": "2022-06-30"}, ("--as-of", "2022-06-30")),
)


@pytest.fixture
def store(sqlite_store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the routes ask."""
    monkeypatch.setenv("CCM_STORE", sqlite_store_url)
    opened = process_store(sqlite_store_url)
    yield opened
    opened.close()


def commanded(url: str, by: str, *options: str) -> dict[str, Any]:
    """What `figures` answers."""
    arguments = ["figures", "--by", by, "--format", "json", *options, "--store", url]
    done = CliRunner().invoke(program(), arguments, prog_name=PROGRAM, env={"CCM_STORE": None})
    assert done.exit_code == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("parameters", "options"), ASKED)
def test_the_figures_are_those_of_the_command(
    demo_url: str, name: str, parameters: dict[str, str], options: tuple[str, ...]
) -> None:
    query = f"?{urlencode(parameters)}" if parameters else ""
    told = json.loads(ask(APP, f"/export/{name}.json{query}").text)
    rows = {row["key"]: row for row in told["rows"]}
    for by in PAGES[name][1]:
        wanted = commanded(demo_url, by, *options)
        assert (told["as_of"], told["demo"], told["view"]) == (wanted["as_of"], True, name)
        for row in [*wanted["rows"], wanted["plan"]]:
            if by == "entity" and row["key"].startswith("NE0"):
                continue
            assert {key: rows[row["key"]][key] for key in NAMES} == {key: row[key] for key in NAMES}
    # The last grouping has every row: in its order, the plan last.
    keys = [row["key"] for row in wanted["rows"] if name != "institutions" or row["key"][:3] != "NE0"]
    assert list(rows) == [*keys, "plan"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_three_forms_say_the_same(demo_url: str, name: str, locale: str) -> None:
    query = f"date=2023-12-31&lang={locale}"
    sheet, lines, told = (ask(APP, f"/export/{name}.{form}?{query}") for form in FORMS)
    assert f"ccm-demonstration-{name}-2023-12-31.xlsx" in sheet.headers["content-disposition"]
    rows = json.loads(told.text)["rows"]
    assert [
        {key: value for key, value in line.items() if key in rows[0]}
        for line in csv.DictReader(io.StringIO(lines.text))
    ] == [{key: "" if value is None else str(value) for key, value in row.items()} for row in rows]
    table, definitions = openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets
    head, *cells = table.iter_rows()
    assert len(head) == len(rows[0])
    rates = [list(rows[0]).index(rate) for rate in ("realised", "completion", "coverage")]
    for got, row in zip(cells, rows, strict=True):
        assert [got[0].value, got[1].value] == [row["key"], row["label"]]
        for place, key in enumerate(row):
            if place in rates and row[key] is not None:
                assert got[place].number_format == "0.0%"
                assert got[place].value == pytest.approx(row[key] / 100)
            elif key in NAMES:
                assert got[place].value == row[key]
    # The whole plan stays below what is sorted and filtered.
    assert table.freeze_panes == "B2"
    assert table.auto_filter.ref == f"A1:{head[-1].coordinate[:-1]}{len(rows)}"
    assert rows[-1]["label"] == ("Ensemble du plan" if locale == "fr" else "Whole plan")
    said = [str(cell) for row in definitions.iter_rows(values_only=True) for cell in row if cell]
    demo = "Données de démonstration" if locale == "fr" else "Demonstration data"
    assert said[0].startswith(demo)
    assert any("31/12/2023" in line or "31 December 2023" in line for line in said)
    assert head[rates[0]].value in said
    assert "demonstration" in table.title.lower() or "démonstration" in table.title


@pytest.mark.parametrize("name", PAGES)
def test_the_light_page_offers_the_files_of_its_own_point_of_view(demo_url: str, name: str) -> None:
    page = ask(APP, f"{LIGHT}{PAGES[name][0]}?date=2023-12-31&lang=en&session=7").text
    links = [unescape(href) for href in findall(rf'href="(/export/{name}[^"]+)"', page)]
    assert [href.split("?")[0] for href in links] == [f"/export/{name}.{form}" for form in FORMS]
    for href in links:
        assert "date=2023-12-31" in href
        assert ask(APP, href).status_code == 200
    told = json.loads(ask(APP, links[-1]).text)
    assert (told["as_of"], told["session"]) == ("2023-12-31", 7)
    assert (PAGES[name][0] or "/") in told["address"]


@pytest.mark.parametrize(
    ("name", "parameter", "key"), [("regions", "region", "NE002"), ("institutions", "entite", "MI-D")]
)
def test_one_that_was_chosen_has_a_file_of_its_own(
    demo_url: str, name: str, parameter: str, key: str
) -> None:
    page = ask(APP, f"{LIGHT}/{name}?{parameter}={key}").text
    links = [unescape(href) for href in findall(rf'href="(/export/{name}[^"]+)"', page)]
    alone = [href for href in links if f"{parameter}={key}" in href]
    assert (len(links), len(alone)) == (6, 3)
    told = json.loads(ask(APP, alone[-1]).text)
    whole = json.loads(ask(APP, f"/export/{name}.json").text)
    assert told["rows"] == [row for row in whole["rows"] if row["key"] in (key, "plan")]
    assert (len(told["rows"]), told["asked"]) == (2, {parameter: key})
    assert f"{parameter}={key}" in told["address"]


@pytest.mark.parametrize(
    ("name", "query"),
    [("regions", "region=NE999"), ("regions", "entite=MI-D"), ("institutions", "entite=NE002")],
)
def test_a_row_that_is_not_there_is_not_handed_out(store: Store, name: str, query: str) -> None:
    answer = ask(APP, f"/export/{name}.csv?{query}")
    assert answer.status_code == 400
    assert query in answer.text


@pytest.mark.parametrize("name", PAGES)
def test_provisional_figures_reach_those_who_follow_the_plan_alone(store: Store, name: str) -> None:
    for entity in ("NE002", "MAEC"):
        import_reports(store, report(entity=entity, percent="75"), validate=False)
    people.add(store, "Ministre", UserRole.MINISTER)
    cookie = {"cookie": f"{settings().session_cookie}={people.sign_in(store, 'Ministre')[1]}"}
    path = f"/export/{name}.json?provisoire=1"
    theirs, mine = ask(APP, path), ask(APP, path, headers=cookie)
    answered = [[row["answered"] for row in json.loads(one.text)["rows"]] for one in (theirs, mine)]
    assert not any(answered[0])
    assert any(answered[1][:-1])
    assert "provisoire" in mine.headers["content-disposition"]
    assert json.loads(mine.text)["provisional"]
