"""Files of the register hold what its pages show, cell for cell; what people typed does nothing in them."""

import csv
import datetime as dt
import io
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import hxl
import openpyxl
import pytest
from hypothesis import given, settings, strategies
from icalendar import Calendar

from ccm.auth import CONSOLE, resolve
from ccm.commands import submit
from ccm.commands.periods import ChangeSetting
from ccm.domain.dates import utc_now
from ccm.domain.errors import CcmError, NotAllowed
from ccm.domain.labels import label
from ccm.domain.vocabulary import AssignmentRole, EntityKind, GroupBy, Nature, Status
from ccm.exports.calendar import write_ics
from ccm.exports.columns import ANSWERS, RECOMMENDATIONS, Column, Kind
from ccm.exports.hxl import write_hxl
from ccm.exports.plain import printable
from ccm.exports.register import About, write_csv, write_json
from ccm.exports.spreadsheet import write_xlsx
from ccm.i18n import numbers, translator
from ccm.metrics.registry import METRICS
from ccm.queries.figures import figures_table
from ccm.queries.filters import FilterOptionsQuery
from ccm.queries.pack import PackQuery
from ccm.queries.register import AnswersQuery, RegisterQuery
from ccm.queries.results import AnswerState, EntityRef
from ccm.render.marks.bars import sentence as bar_sentence
from ccm.screens import View, view
from ccm.screens.asked import read
from ccm.screens.exported import Form, exported
from ccm.store import Store, open_store
from tests.integration.acting import import_reports, report

POSTGRESQL_IN_PROOF = True

ORIGIN = "https://suivi.example"
#: Views of the register, as addresses have them.
VIEWS: tuple[dict[str, str], ...] = (
    {},
    {"axe": "A2", "tri": "avancement"},
    {"statut": "blocked"},
    {"region": "NE002", "retard": "1", "tri": "retard"},
    {"q": "diaspora", "lang": "en"},
    {"evolution": "hausse", "depuis": "2023-12-31"},
    {"page": "2"},
    {"vue": "reponses"},
    {"vue": "reponses", "region": "NE002", "date": "2023-12-31"},
    {"vue": "reponses", "categorie": "ministry,agency", "tri": "silence"},
    {"vue": "reponses", "statut": "blocked", "lang": "en"},
    {"vue": "reponses", "axe": "A3", "evolution": "hausse", "depuis": "2023-12-31"},
)


def file(store: Store, form: Form, parameters: dict[str, str] | None = None) -> bytes:
    """A file of what an address shows."""
    written = io.BytesIO()
    exported(view(store, CONSOLE, parameters or {}), form, parameters or {}, ORIGIN).write(written)
    return written.getvalue()


def shown(seen: View, parameters: dict[str, str]) -> list[Any]:
    """The rows of every page that the address shows, from first to last."""
    asked = read(parameters, seen.ask(FilterOptionsQuery(seen.as_of)), compared=seen.since is not None)
    before, rows, page = seen.before if asked.filters.moved else None, list[Any](), 1
    while True:
        if asked.answers:
            found = seen.ask(AnswersQuery(seen.at, asked.filters, asked.order, page, before=before))
            rows += [*found.rows, *found.rows_outside]
            pages = found.pages
        else:
            kept = seen.ask(RegisterQuery(seen.at, asked.filters, asked.order, page, before=before))
            rows += kept.ranked or [row for group in kept.groups for row in group.rows]
            pages = kept.pages
        if page == pages:
            return rows
        page += 1


def columns(parameters: dict[str, str]) -> tuple[Column, ...]:
    return (ANSWERS if parameters.get("vue") else RECOMMENDATIONS).columns


def in_sheet(column: Column, value: Any, locale: str) -> Any:
    """A value as openpyxl reads it back."""
    if value in (None, (), ""):
        return None
    if column.kind is Kind.RATE:
        return pytest.approx(float(value) / 100)
    if column.kind is Kind.DAY:
        return dt.datetime.combine(value, dt.time())
    if column.kind is Kind.CODE:
        return label(value, translator(locale))
    return "; ".join(value) if column.kind is Kind.NAMES else value


def in_json(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.kind is Kind.RATE:
        return float(value)
    if column.kind is Kind.NAMES:
        return list(value)
    return value.isoformat() if column.kind is Kind.DAY else value


@pytest.mark.parametrize("parameters", VIEWS, ids=lambda view: "&".join(map("=".join, view.items())) or "all")
def test_every_cell_is_what_the_pages_show(demo: Store, parameters: dict[str, str]) -> None:
    seen = view(demo, CONSOLE, parameters)
    rows, wanted = shown(seen, parameters), columns(parameters)
    assert rows
    values = [[column.read(row, seen.as_of) for column in wanted] for row in rows]

    told = json.loads(file(demo, Form.JSON, parameters))
    expected = [[in_json(*pair) for pair in zip(wanted, row, strict=True)] for row in values]
    assert [list(row.values()) for row in told["rows"]] == expected
    assert (told["as_of"], told["demo"]) == (seen.as_of.isoformat(), True)

    lines = list(csv.DictReader(io.StringIO(file(demo, Form.CSV, parameters).decode())))
    assert [line[wanted[0].key] for line in lines] == [row[0] for row in values]
    for line, row in zip(lines, told["rows"], strict=True):
        assert line["demo"] == "true"
        for column in wanted:
            assert line[column.key] == as_csv(row[column.key])

    book = openpyxl.load_workbook(io.BytesIO(file(demo, Form.XLSX, parameters)))
    sheet, definitions = book.worksheets
    head, *cells = sheet.iter_rows(values_only=True)
    assert list(head) == [column.heading(translator(seen.locale)) for column in wanted]
    for got, row in zip(cells, values, strict=True):
        read_back = [in_sheet(column, value, seen.locale) for column, value in zip(wanted, row, strict=True)]
        assert list(got) == read_back
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == sheet.dimensions
    text = "\n".join(str(cell) for row in definitions.iter_rows(values_only=True) for cell in row if cell)
    assert f"{seen.as_of:%d/%m/%Y}" in text
    assert f"{ORIGIN}/recommandations" in text


def as_csv(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def test_the_sheet_has_types_and_every_definition_of_its_figures(demo: Store) -> None:
    sheet, definitions = openpyxl.load_workbook(io.BytesIO(file(demo, Form.XLSX))).worksheets
    keys = [column.key for column in RECOMMENDATIONS.columns]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[keys.index("completion")].value is not None)
    assert row[keys.index("completion")].number_format == "0.0%"
    assert row[keys.index("due_date")].is_date
    assert "(démonstration)" in sheet.title
    named = [cell.value for cell in definitions["A"]]
    assert {metric.label for metric in METRICS if metric.key in keys} <= set(named)


def test_its_figures_are_those_of_the_command(demo: Store) -> None:
    seen = view(demo, CONSOLE, {})
    with demo.read() as connection:
        rows = figures_table(connection, seen.at, GroupBy.RECOMMENDATION).rows
    told = {row["key"]: row for row in json.loads(file(demo, Form.JSON))["rows"]}
    assert told.keys() == {row.key for row in rows}
    for row in rows:
        assert told[row.key]["completion"] == (
            None if row.figures.completion is None else float(row.figures.completion)
        )
        assert told[row.key]["expected"] == row.figures.expected


# HXL, calendar ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parameters", [{}, {"axe": "A1", "lang": "en"}, {"region": "NE002"}])
def test_hxl_is_valid_and_has_a_row_for_each_recommendation_and_region(
    demo: Store, parameters: dict[str, str]
) -> None:
    text = file(demo, Form.HXL, parameters)
    errors: list[Any] = []
    assert hxl.data(io.BytesIO(text)).validate(callback=errors.append), errors
    data = hxl.data(io.BytesIO(text))
    rows = [row.values for row in data]
    tags = [column.display_tag for column in data.columns]
    wanted = [
        one
        for one in shown(view(demo, CONSOLE, parameters), {**parameters, "vue": "reponses"})
        if one.entity.kind is EntityKind.REGION
    ]
    at = {name: tags.index(name) for name in ("#activity+code", "#adm1+code", "#status+code")}
    read_back = [tuple(row[place] for place in at.values()) for row in rows]
    assert read_back == [(one.recommendation, one.entity.key, one.status.value) for one in wanted]
    progress = tags.index("#indicator+progress+num")
    assert [row[progress] for row in rows] == [
        "" if one.percent is None else str(float(one.percent)) for one in wanted
    ]


def test_hxl_that_is_wrong_is_found_so(demo: Store) -> None:
    """The validation can fail."""
    wrong = file(demo, Form.HXL).replace(b"2023-09-25", b"not a day")
    assert not hxl.data(io.BytesIO(wrong)).validate()


@pytest.mark.parametrize("parameters", [{}, {"region": "NE002"}, {"tri": "retard", "lang": "en"}])
def test_each_due_date_to_come_or_missed_is_one_event(demo: Store, parameters: dict[str, str]) -> None:
    calendar = Calendar.from_ical(file(demo, Form.ICS, parameters))
    seen = view(demo, CONSOLE, parameters)
    awaited: dict[tuple[str, dt.date], int] = {}
    for one in shown(seen, {**parameters, "vue": "reponses"}):
        owed = one.role.value == "responsible" and one.nature is Nature.FINITE
        if owed and one.due_date and one.status not in (Status.COMPLETED, Status.DROPPED):
            key = (one.recommendation, one.due_date)
            awaited[key] = awaited.get(key, 0) + 1
    events = calendar.walk("VEVENT")
    assert awaited
    found = {
        (event["uid"].split("@")[0][:-9], event.decoded("dtstart")): int(
            re.findall(r"(\d+) (?:réponse|answer)", event["summary"])[0]
        )
        for event in events
    }
    assert found == awaited
    assert len(events) == len({event["uid"] for event in events}) == len(awaited)
    assert all(event["url"].startswith(f"{ORIGIN}/r/CCM7-") for event in events)
    late = [event for event in events if "en retard" in event["summary"] or "overdue" in event["summary"]]
    assert {event["uid"] for event in late} == {
        event["uid"] for event in events if event.decoded("dtstart") < seen.as_of
    }
    assert file(demo, Form.ICS, parameters) == file(demo, Form.ICS, parameters)


def test_a_plan_without_due_dates_is_a_calendar_all_the_same(store: Store) -> None:
    """RFC 5545 asks a calendar for one component at least."""
    calendar = Calendar.from_ical(file(store, Form.ICS))
    assert calendar.walk("VEVENT") == []
    assert len(calendar.subcomponents) == 1


# Offline ------------------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite_template", "demo_template"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """The real plan, where nobody has answered, and the demonstration."""
    opened = open_store(
        f"sqlite:///{shutil.copyfile(request.getfixturevalue(request.param), tmp_path / 's.db')}"
    )
    yield opened
    opened.close()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_offline_pack_is_whole_and_alone(either: Store, lang: str) -> None:
    content = file(either, Form.HTML, {"lang": lang})
    assert len(content) < 300_000
    page = content.decode()
    assert "<script" not in page
    assert not re.search(r"\s(?:src|srcset|action|on\w+)=", page)
    assert not re.search(r"@import|url\((?!#)", page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    links = set(re.findall(r'\bhref="([^"]*)"', page))
    assert {href[:1] for href in links} == {"#"}
    assert {href[1:] for href in links} <= set(ids)
    seen = view(either, CONSOLE, {"lang": lang})
    t = translator(lang)
    for row in shown(seen, {}):
        (part,) = re.findall(rf'<article class="ccm-one" id="{row.key}">(.*?)</article>', page, re.DOTALL)
        states = {status for status in (*Status,) if status is not Status.DROPPED}
        for status in states:
            if getattr(row.figures, status.value):
                assert f'<span class="ccm-word">{label(status, t)}</span>' in part, row.key
    assert ("Données de démonstration" in page or "Demonstration data" in page) == seen.facts.demo


def test_the_offline_pack_tells_each_answers_last_official_note(demo: Store) -> None:
    page = file(demo, Form.HTML).decode()
    pack = view(demo, CONSOLE, {}).ask(PackQuery(view(demo, CONSOLE, {}).at))
    said = [one for parts in pack.answers.values() for _, some in parts for one in some if one.note]
    assert said
    for one in said:
        (part,) = re.findall(rf'id="{one.recommendation}">(.*?)</article>', page, re.DOTALL)
        assert f"{one.entity.short_name}\xa0: {one.note}" in unescape(part), one.assignment


def test_a_note_of_the_offline_pack_is_inert_and_official(sqlite_store: Store) -> None:
    import_reports(sqlite_store, report(note="<b>un</b> & 2\xa0cellules"))
    import_reports(sqlite_store, report(note="à valider"), validate=False)
    page = file(sqlite_store, Form.HTML).decode()
    assert "Diffa\xa0: &lt;b&gt;un&lt;/b&gt; &amp; 2\xa0cellules" in page and "à valider" not in page


def test_the_figures_of_the_offline_pack_are_those_of_the_command(demo: Store) -> None:
    seen, t = view(demo, CONSOLE, {}), translator("fr")
    page = unescape(file(demo, Form.HTML).decode())
    with demo.read() as connection:
        tables = {
            by: figures_table(connection, seen.at, by).rows
            for by in (GroupBy.AXIS, GroupBy.REGION, GroupBy.MINISTRY, GroupBy.RECOMMENDATION)
        }
    for by, rows in tables.items():
        for row in rows:
            if not row.figures.expected:
                continue
            # A bar says its counts and the average; numbers beside it, the rates.
            assert f'aria-label="{bar_sentence(row.figures, t, "fr")}"' in page, (by, row.key)
            if by is GroupBy.RECOMMENDATION:
                (part,) = re.findall(rf'id="{row.key}">(.*?)</article>', page, re.DOTALL)
                for name in ("realised", "completion", "coverage"):
                    assert f"<b>{numbers.percent(getattr(row.figures, name), 'fr')}</b>" in part


# What people type ---------------------------------------------------------------------------------------

_ROW = AnswerState(
    assignment="CCM7-A1-05/NE002",
    recommendation="CCM7-A1-05",
    text="",
    axis="A1",
    entity=EntityRef("NE002", "Diffa", "Région de Diffa", EntityKind.REGION),
    role=AssignmentRole.RESPONSIBLE,
    nature=Nature.FINITE,
    status=Status.IN_PROGRESS,
    percent=50,
    as_of=dt.date(2024, 3, 31),
    age=91,
    due_date=dt.date(2024, 12, 31),
    overdue=False,
)
_ABOUT = About(dt.date(2024, 6, 30), "/recommandations", table=ANSWERS)
HOSTILE = (
    "=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "US$5 and US$6",
    "\x00\x01\x0b\x1f", "<script>&amp;", "\u202e\u0645\u0631\u062d\u0628\u0627\u200b", "é" * 10_000, " a ", "http://x.example",
    "END:VEVENT\r\nEND:VCALENDAR", "a;b,c\\n\"d\"", "#adm1+code",
)  # fmt: skip
texts = strategies.sampled_from(HOSTILE) | strategies.text(max_size=60)


def ended(text: str) -> str:
    """The text with every line ended alike."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@settings(max_examples=25)
@given(texts, texts)
def test_what_people_type_arrives_and_does_nothing(text: str, note: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    note = note.encode("utf-8", "replace").decode()
    row = replace(_ROW, text=text, note=note)
    keys = [column.key for column in ANSWERS.columns]

    plain = io.StringIO(newline="")
    write_csv(plain, [row], _ABOUT)
    plain.seek(0)
    (line,) = csv.DictReader(plain)
    for key, typed in (("text", text), ("note", note)):
        assert line[key] in (ended(typed), f"'{ended(typed)}")
        assert not line[key].startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"))

    told = io.StringIO()
    write_json(told, [row], _ABOUT)
    (found,) = json.loads(told.getvalue())["rows"]
    assert (found["text"], found["note"]) == (text, note)

    book = io.BytesIO()
    write_xlsx(book, [row], _ABOUT)
    cells = next(openpyxl.load_workbook(book).worksheets[0].iter_rows(min_row=2, max_row=2))
    for key, typed in (("text", text), ("note", note)):
        cell = cells[keys.index(key)]
        # openpyxl leaves the escape of « _x0041_ » as it is; Excel reads it as it was typed.
        assert (cell.value or "").replace("_x005F_", "_") == printable(typed)
        assert cell.data_type in ("s", "n") and (cell.data_type == "s" or cell.value is None)
        assert cell.hyperlink is None

    tagged = io.StringIO(newline="")
    write_hxl(tagged, [row], _ABOUT)
    tagged.seek(0)
    assert list(csv.reader(tagged))[2][1] in (ended(text), f"'{ended(text)}")

    agenda = io.BytesIO()
    write_ics(agenda, [row], _ABOUT, ORIGIN, "store")
    (event,) = Calendar.from_ical(agenda.getvalue()).walk("VEVENT")
    assert event["uid"] == "CCM7-A1-05-20241231@store.ccm"
    assert printable(text).strip() in event["description"]


# Who may ---------------------------------------------------------------------------------------------------


def test_what_is_not_understood_is_refused(sqlite_store: Store) -> None:
    for parameters in ({"axe": "Z9"}, {"date": "hier"}, {"session": "99"}, {"retrad": "1"}):
        with pytest.raises(CcmError, match="Rien n’est exporté"):
            exported(view(sqlite_store, CONSOLE, parameters), Form.CSV, parameters)


def test_nobody_exports_who_may_not_read(sqlite_store: Store) -> None:
    submit(sqlite_store, CONSOLE, ChangeSetting("public_reading", "off"))
    with sqlite_store.read() as connection:
        nobody = resolve(connection, None, utc_now())
    for form in Form:
        with pytest.raises(NotAllowed):
            exported(view(sqlite_store, nobody, {}), form, {})
