"""Files of the Explorer's figures: what each actor did within each axis is what `figures` says of them."""

import csv
import datetime as dt
import io
import json
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from typer.testing import CliRunner

from ccm.cli.app import PROGRAM, program
from ccm.config import settings
from ccm.domain.figures import COUNTS
from ccm.domain.vocabulary import UserRole
from ccm.store import Store
from tests.integration.acting import import_reports, report
from tests.spec.by_hand import Point, Rows
from tests.support import people, recompute
from tests.web.asgi import application, ask
from tests.web.test_group_exports import ASKED, FORMS, NAMES, commanded

APP = application()
#: Whom the Explorer compares, and the grouping of `figures` that has them.
ACTORS = {"regions": "region", "ministeres": "ministry", "institutions": "entity"}
Row = dict[str, Any]


def handed(query: dict[str, str], form: str = "json") -> Row:
    answer = ask(APP, f"/export/explorer.{form}?{urlencode(query)}")
    assert answer.status_code == 200, answer.text
    told: Row = json.loads(answer.text)
    return told


def crosses(told: Row) -> dict[tuple[str, str], Row]:
    return {(row["key"], row["axis"]): row for row in told["rows"][:-1]}


@pytest.mark.parametrize("actors", ACTORS)
@pytest.mark.parametrize(("parameters", "options"), ASKED)
def test_an_actors_axes_together_are_what_the_command_says_of_it(
    demo_url: str, actors: str, parameters: dict[str, str], options: tuple[str, ...]
) -> None:
    told = handed({"acteurs": actors, **parameters})
    wanted = commanded(demo_url, ACTORS[actors], *options)
    others = [
        row["key"] for by in ("region", "ministry") for row in commanded(demo_url, by, *options)["rows"]
    ]
    rows = [row for row in wanted["rows"] if actors != "institutions" or row["key"] not in others]
    assert (told["view"], told["as_of"], told["demo"]) == ("actors_by_axis", wanted["as_of"], True)
    parts = defaultdict(list)
    for (key, _), row in crosses(told).items():
        parts[key].append(row)
    # In the order of the command, and of its axes, every axis of each.
    assert list(parts) == [row["key"] for row in rows]
    for row in rows:
        own = parts[row["key"]]
        assert [part["axis"] for part in own] == ["G", "A1", "A2", "A3"]
        assert {name: sum(part[name] for part in own) for name in COUNTS} == {
            name: row[name] for name in COUNTS
        }
        points = sum(part["completion"] * part["expected"] for part in own if part["completion"] is not None)
        mean = points / row["expected"] if row["expected"] else None
        assert mean == (None if row["completion"] is None else pytest.approx(row["completion"]))
    plan = told["rows"][-1]
    assert (plan["key"], plan["axis"]) == ("plan", None)
    assert {name: plan[name] for name in NAMES} == {name: wanted["plan"][name] for name in NAMES}


@pytest.mark.parametrize("actors", ACTORS)
@pytest.mark.parametrize("day", [dt.date(2023, 12, 31), dt.date(2024, 6, 30)])
def test_each_cross_is_what_the_rows_behind_it_add_up_to(
    demo_url: str, tmp_path: Path, actors: str, day: dt.date
) -> None:
    file = tmp_path / "raw.json"
    arguments = ["export", "raw", "-o", str(file), "--store", demo_url]
    done = CliRunner().invoke(program(), arguments, prog_name=PROGRAM, env={"CCM_STORE": None})
    assert done.exit_code == 0, done.stderr
    point = Point(day)
    members = recompute.members_at(Rows(json.loads(file.read_text())), point)
    found = crosses(handed({"acteurs": actors, "date": day.isoformat()}))
    assert any(row["answered"] for row in found.values())
    for axis in ("G", "A1", "A2", "A3"):
        within = [member for member in members if member.recommendation.axis == axis]
        by_hand = recompute.by_answers(within, lambda a: a.entity, True, point)
        for key in {key for key, _ in found}:
            row = found[key, axis]
            wanted = by_hand.get(key, dict.fromkeys(NAMES, 0) | dict.fromkeys(NAMES[-3:]))
            assert {name: row[name] for name in NAMES} == {name: _number(wanted[name]) for name in NAMES}


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, Fraction) else value


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_three_forms_say_the_same(demo_url: str, locale: str) -> None:
    query = urlencode({"acteurs": "ministeres", "date": "2023-12-31", "lang": locale})
    sheet, lines, told = (ask(APP, f"/export/explorer.{form}?{query}") for form in FORMS)
    assert "ccm-demonstration-explorer-2023-12-31.xlsx" in sheet.headers["content-disposition"]
    rows = json.loads(told.text)["rows"]
    assert [
        {key: value for key, value in line.items() if key in rows[0]}
        for line in csv.DictReader(io.StringIO(lines.text))
    ] == [{key: "" if value is None else str(value) for key, value in row.items()} for row in rows]
    table, definitions = openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets
    head, *cells = table.iter_rows()
    names = list(rows[0])
    for got, row in zip(cells, rows, strict=True):
        for place, name in enumerate(names):
            if name == "completion" and row[name] is not None:
                assert (got[place].number_format, got[place].value) == (
                    "0.0%",
                    pytest.approx(row[name] / 100),
                )
            elif name in ("key", "label", "axis", "axis_label", *COUNTS):
                assert got[place].value == row[name]
    assert table.auto_filter.ref == f"A1:{head[-1].coordinate[:-1]}{len(rows)}"
    said = [str(cell) for row in definitions.iter_rows(values_only=True) for cell in row if cell]
    assert said[0].startswith("Données de démonstration" if locale == "fr" else "Demonstration data")
    assert ("Filtres\xa0: Ministères" if locale == "fr" else "Filters: Ministries") in said
    assert head[names.index("completion")].value in said


def test_a_selection_keeps_its_crosses_and_the_address_says_so(demo_url: str) -> None:
    whole = handed({})
    told = handed({"axe": "A2,A1", "region": "NE002,NE006", "mesure": "realisation"})
    wanted = [
        row
        for row in whole["rows"]
        if row["key"] == "plan" or (row["key"] in ("NE002", "NE006") and row["axis"] in ("A1", "A2"))
    ]
    assert len(wanted) == 5
    assert told["rows"] == wanted
    assert told["address"].startswith("http://testserver/explorer?")
    assert told["asked"] == {"axe": "A2,A1", "region": "NE002,NE006", "mesure": "realisation"}


@pytest.mark.parametrize(
    "query",
    ["acteurs=tous", "mesure=hauteur", "region=NE999", "institution=MI-D", "statut=blocked", "axe=A1,Z9"],
)
def test_what_means_nothing_to_these_figures_is_refused(asked_store: Store, query: str) -> None:
    answer = ask(APP, f"/export/explorer.csv?{query}")
    assert answer.status_code == 400
    assert query.rpartition("=")[2].rpartition(",")[2] in answer.text


def test_provisional_figures_reach_those_who_follow_the_plan_alone(asked_store: Store) -> None:
    import_reports(asked_store, report(entity="NE002", percent="75"), validate=False)
    people.add(asked_store, "Ministre", UserRole.MINISTER)
    cookie = {"cookie": f"{settings().session_cookie}={people.sign_in(asked_store, 'Ministre')[1]}"}
    path = "/export/explorer.json?provisoire=1"
    theirs, mine = (json.loads(ask(APP, path, headers=headers).text) for headers in (None, cookie))
    assert [sum(row["answered"] for row in one["rows"][:-1]) for one in (theirs, mine)] == [0, 1]
    assert mine["provisional"]
