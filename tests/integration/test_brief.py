"""The session brief: its figures are those of `figures`, its files are whole, readable and the same again."""

import datetime as dt
import io
import itertools
import re
from dataclasses import replace
from html import escape, unescape
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from typer.testing import CliRunner, Result

from ccm.cli.app import program
from ccm.domain.errors import NotFound
from ccm.domain.vocabulary import GroupBy
from ccm.exports.brief import Content, content
from ccm.exports.brief.forms import Form, Told, file_name, written
from ccm.exports.brief.pdf import pdf
from ccm.exports.brief.web import html
from ccm.exports.brief.word import word
from ccm.i18n import numbers
from ccm.metrics import At
from ccm.queries.ask import ask
from ccm.queries.brief import Brief, BriefQuery
from ccm.queries.figures import FiguresTable, figures_table
from ccm.queries.institutions import InstitutionsQuery
from ccm.queries.results import Scope
from ccm.store import Store
from tests.support.sheets import sheets

POSTGRESQL_IN_PROOF = True

DAY, SINCE = dt.date(2024, 6, 30), dt.date(2023, 12, 31)
KNOWN = dt.datetime(2024, 7, 2, 9, 30, tzinfo=dt.UTC)
#: Dates, sessions and instants that a brief is asked at; the early instant knows less than there is.
POINTS = (
    At(DAY, session=7),
    At(DAY),
    At(dt.date(2023, 12, 31), KNOWN, 7),
    At(DAY, dt.datetime(2024, 2, 1, tzinfo=dt.UTC), 7),
    At(dt.date(2022, 8, 5), session=7),
)
#: What waits for somebody, by the names of its figures.
PRESSING = ("blocked", "overdue", "not_reported", "unassigned")
#: Texts that people type, or that somebody types on purpose.
HOSTILE = (
    '=HYPERLINK("http://x")',
    "#let x = 1; #panic()",
    "$ sum_1 $ *gras* _it_ `code` @ref <label> // rien",
    "US$5 and US$6",
    "<b>gras</b><script>alert(1)</script> &amp; {{ 7*7 }}",
    "مرحبا بكم في النيجر",
    "zero\u200bwidth\u200djoin",
    "{}\\\"'%(n)s",
)


def _told(store: Store, at: At, locale: str = "fr", address: str = "") -> tuple[Brief, Content]:
    found = ask(store, BriefQuery(at, replace(at, as_of=SINCE) if at.as_of > SINCE else None))
    scope = Scope(at.session, None, at.as_of, SINCE if at.as_of > SINCE else None, DAY, True)
    return found, content(found, scope, KNOWN, locale, address)


@pytest.mark.parametrize("at", POINTS, ids=range(len(POINTS)))
def test_every_figure_is_that_of_figures(demo: Store, at: At) -> None:
    _, told = _told(demo, at)
    with demo.read() as connection:
        tables = {
            by: figures_table(connection, at, by) for by in (GroupBy.AXIS, GroupBy.REGION, GroupBy.ENTITY)
        }
        rows = figures_table(connection, at, GroupBy.RECOMMENDATION)
    plan = tables[GroupBy.AXIS].plan
    assert [rate.value for rate in told.rates] == _three(plan)
    assert dict(told.bar.segments) == _states(plan)
    assert {status: count for status, _, count in told.legend} == _legend(plan)
    axes = _by_key(tables[GroupBy.AXIS])
    assert {page.ref.rpartition("/")[2]: [rate.value for rate in page.rates] for page in told.pages} == {
        key: _three(figures) for key, figures in axes.items()
    }
    for page in told.pages:
        figures = axes[page.ref.rpartition("/")[2]]
        assert {status: count for status, _, count in page.legend} == _legend(figures)
        pressing = [item for listing in page.lists if not listing.moved for item in listing.items]
        for item in pressing:
            by, key, metric = item.ref.split("/")[2:]
            assert (by, key) == ("axis", page.ref.rpartition("/")[2])
            assert item.mark == numbers.integer(getattr(figures, metric), "fr")
        waits = {name for name in PRESSING if getattr(figures, name)}
        assert {item.ref.rpartition("/")[2] for item in pressing} == waits
    compared = {GroupBy.AXIS: told.axes, GroupBy.REGION: told.regions, GroupBy.ENTITY: told.institutions}
    for by, lines in compared.items():
        groups = _by_key(tables[by])
        assert lines
        for line in lines:
            figures = groups[line.ref.rpartition("/")[2]]
            said = (line.completion, line.coverage, line.expected)
            assert said == (*_three(figures)[1:], numbers.integer(figures.expected, "fr"))
            assert dict(line.bar.segments) == _states(figures)
    each = _by_key(rows)
    shown = [row for page in told.pages for group in page.groups for row in group.rows]
    assert len(shown) == len(each) == plan.recommendations
    for row in shown:
        figures = each[f"CCM7-{row.key}"]
        if row.bar is None:
            assert figures.unassigned or not figures.expected
        else:
            assert row.completion == numbers.percent(figures.completion, "fr")
            assert row.received == f"{figures.answered} sur {figures.expected}"
            assert dict(row.bar.segments) == _states(figures)


def _three(figures: object) -> list[str]:
    return [numbers.percent(getattr(figures, name), "fr") for name in ("realised", "completion", "coverage")]


def _states(figures: object) -> dict[str, int]:
    names = ("completed", "in_progress", "blocked", "not_started", "not_reported")
    return {name: getattr(figures, name) for name in names if getattr(figures, name)}


def _legend(figures: object) -> dict[str, str]:
    names = ("completed", "in_progress", "blocked", "not_started", "not_reported")
    return {name: numbers.integer(getattr(figures, name), "fr") for name in names}


def _by_key(table: FiguresTable) -> dict[str, object]:
    return {row.key: row.figures for row in table.rows}


def test_what_moved_is_the_difference_of_both_dates(demo: Store) -> None:
    _, told = _told(demo, At(DAY, session=7))
    with demo.read() as connection:
        now, then = (
            _by_key(figures_table(connection, At(day, session=7), GroupBy.REGION)) for day in (DAY, SINCE)
        )
    for line in told.regions:
        key = line.ref.rpartition("/")[2]
        points = now[key].completion - then[key].completion  # type: ignore[attr-defined]
        assert line.moved == numbers.delta(points, "fr")


def test_an_axis_says_how_many_moved_and_how_many_did_not(demo: Store) -> None:
    found, told = _told(demo, At(DAY, session=7))
    for axis, page in zip(found.axes, told.pages, strict=True):
        listing = page.lists[0]
        assert listing.moved
        moves = axis.moves
        assert moves is not None
        said = [int(number) for number in re.findall(r"\d+", re.sub(r"\(.*?\)", "", listing.note))]
        counts = (moves.risen, moves.fallen, moves.unmoved, moves.already_realised, moves.outside)
        assert sum(said) == sum(counts) == axis.line.figures.recommendations
        assert (f"(ici les {len(listing.items)} plus fortes hausses)" in listing.note) == (
            moves.risen > len(listing.items)
        )


def test_where_nothing_moved_an_axis_says_so(demo: Store) -> None:
    at = At(DAY, session=7)
    found = ask(demo, BriefQuery(at, At(DAY - dt.timedelta(days=1), session=7)))
    told = content(found, Scope(7, None, DAY, DAY - dt.timedelta(days=1), DAY, True), KNOWN, "fr")
    still = [page for axis, page in zip(found.axes, told.pages, strict=True) if not axis.moves.risen]  # type: ignore[union-attr]
    assert still
    assert all(page.lists[0].note.startswith("0 recommandation a progressé, ") for page in still)
    assert all(write(told, KNOWN) for write in (pdf, word, html))


@pytest.mark.parametrize("form", ["pdf", "docx", "html"])
def test_every_form_prints_the_references_of_its_figures(sqlite_demo: Store, form: str) -> None:
    _, told = _told(sqlite_demo, At(DAY, session=7), address="https://suivi.example.ne")
    items = [*told.decisions, *(item for page in told.pages for one in page.lists for item in one.items)]
    refs = [rate.ref for part in (told, *told.pages) for rate in part.rates]
    refs += [item.ref for item in items if item.ref]
    assert {"/f/plan/blocked", "/f/plan/overdue", "/f/plan/unassigned", "/f/axis/A1/blocked"} < set(refs)
    write, read = {"pdf": (pdf, _pdf_text), "docx": (word, _word_text), "html": (html, _html_text)}[form]
    text = _squeezed(read(write(told, KNOWN)))
    assert [ref for ref in refs if ref not in text] == []
    assert f"?date={DAY}&session=7" in text
    assert _squeezed("48 recommandations : 44 comptées, 3 continues, 1 abandonnée ou sans objet.") in text
    assert _squeezed("Comparaison : situation au 31/12/2023") in text


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("fr", "%s recommandations sur %s nomment un ministère ou l’un de ces acteurs ;"),
        ("en", "%s recommendations of %s name a ministry or one of these actors;"),
    ],
    ids=["fr", "en"],
)
def test_every_form_counts_the_recommendations_in_the_lines_of_the_institutions(
    sqlite_store: Store, locale: str, said: str
) -> None:
    found, told = _told(sqlite_store, At(DAY, session=7), locale)
    rows = [row for axis in found.axes for row in axis.rows]
    named = {line.name for line in told.institutions}
    counted = [row for row in rows if named & set(row.entities)]
    assert {"CCM7-A3-05", "CCM7-A3-06", "CCM7-A3-15"} < {row.key for row in counted}
    page = ask(sqlite_store, InstitutionsQuery(At(DAY, session=7), None))
    assert len(counted) == page.naming
    sentence = _squeezed(said % (len(counted), len(rows)))
    read = (_pdf_text(pdf(told, KNOWN)), _word_text(word(told, KNOWN)), _html_text(html(told, KNOWN)))
    assert all(sentence in _squeezed(text) for text in read)


def test_the_missing_answers_of_several_regions_have_one_reference(sqlite_demo: Store) -> None:
    found, _ = _told(sqlite_demo, At(DAY, session=7))
    some = tuple((line.entity, line.figures.not_reported) for line in found.overview.regions[-2:])
    silent = replace(found.overview.decisions.silent, count=sum(n for _, n in some), entities=some)
    decisions = replace(found.overview.decisions, silent=silent)
    several = replace(found, overview=replace(found.overview, decisions=decisions))
    told = content(several, Scope(7, None, DAY, None, DAY, True), KNOWN, "fr")
    keys = [entity.key for entity, _ in some if entity]
    ref = f"/f/region/{','.join(keys)}/not_reported"
    assert ref in {item.ref for item in told.decisions}
    assert all(
        ref in text for text in (_squeezed(_pdf_text(pdf(told, KNOWN))), _html_text(html(told, KNOWN)))
    )


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_a_demonstration_is_four_to_six_pages_with_a_title_a_language_and_bookmarks(
    sqlite_demo: Store, locale: str
) -> None:
    _, told = _told(sqlite_demo, At(DAY, session=7), locale)
    made = pdf(told, KNOWN)
    document = pypdfium2.PdfDocument(made)
    try:
        assert 4 <= len(document) <= 6
        assert document.get_metadata_value("Title") == f"{told.title} — {told.subject}"
        marks = [mark.get_title() for mark in document.get_toc()]
        assert [f"{page.tag} — {page.title}" for page in told.pages] == marks[3:7]
        assert marks[0] == told.words["decisions"]
        texts = [page.get_textpage().get_text_bounded() for page in document]
        assert all("DEMONSTRATION DATA" in text or "DONNÉES DE DÉMONSTRATION" in text for text in texts)
    finally:
        document.close()
    assert b"/MarkInfo" in made
    assert f"/Lang({locale})".encode() in made.replace(b" ", b"")


@pytest.mark.parametrize("form", Form)
def test_the_same_brief_is_the_same_bytes_and_says_that_it_is_a_demonstration(
    sqlite_demo: Store, form: Form
) -> None:
    at = At(DAY, session=7)
    told = Told(Scope(7, None, DAY, None, DAY, True), KNOWN, "fr")
    with sqlite_demo.read() as connection:
        found, again = (BriefQuery(at, None).answer(connection) for _ in range(2))
    first = written(form, found, told)
    assert first == written(form, again, told)
    if form is Form.HTML:
        assert b"<script" not in first
        assert not re.search(rb'(src|href)="http', first)


def test_a_file_says_in_its_name_that_its_data_are_invented() -> None:
    scope = Scope(7, None, DAY, SINCE, DAY, demo=False)
    assert file_name(Form.PDF, scope, "fr") == "note-ccm7-2024-06-30.pdf"
    assert file_name(Form.DOCX, replace(scope, demo=True), "fr") == "note-ccm7-2024-06-30-demonstration.docx"
    assert file_name(Form.PDF, scope, "en") == "brief-ccm7-2024-06-30.pdf"


def test_a_silent_plan_compares_with_nothing_and_says_where_to_start(sqlite_store: Store) -> None:
    _, told = _told(sqlite_store, At(DAY, session=7))
    assert not told.words["since"]
    assert not any(rate.moved for rate in told.rates)
    assert told.decisions
    assert all(item.details and item.who for item in told.decisions)
    assert {tile.unit for tile in told.tiles} == {"attendues"}
    for page in told.pages:
        missing = next(item for one in page.lists for item in one.items if item.ref.endswith("/not_reported"))
        counts = [int(count) for count in re.findall(r" (\d+)(?:,| et |$)", missing.details)]
        assert sum(counts) == int(missing.mark)
        assert missing.who.endswith("désigner les points focaux")
    document = pypdfium2.PdfDocument(pdf(told, KNOWN))
    assert 4 <= len(document) <= 6
    document.close()


def test_before_the_adoption_nothing_is_compared(sqlite_store: Store) -> None:
    _, told = _told(sqlite_store, At(dt.date(2022, 8, 4), session=7))
    assert (told.axes, told.regions, told.pages) == ((), (), ())
    assert {rate.value for rate in told.rates} == {numbers.NONE}
    assert all(write(told, KNOWN) for write in (pdf, word, html))


def test_an_unknown_session_is_told(sqlite_store: Store) -> None:
    with pytest.raises(NotFound, match="99"):
        ask(sqlite_store, BriefQuery(At(DAY, session=99), None))


def _with_texts(told: Content, texts: tuple[str, ...]) -> Content:
    """The brief, its first recommendations, first challenge and a region named as somebody pleases."""
    page = told.pages[0]
    rows = tuple(replace(row, text=text) for row, text in zip(itertools.cycle(page.groups[0].rows), texts))
    group = replace(page.groups[0], title=texts[0], rows=rows)
    pages = (replace(page, title=texts[1], groups=(group,)), *told.pages[1:])
    return replace(told, pages=pages, regions=(replace(told.regions[0], name=texts[-1]), *told.regions[1:]))


def _squeezed(text: str) -> str:
    """A text without what a page may break or leave out: white space, zero-width spaces, direction marks."""
    return re.sub(r"[\s\u200b-\u200f\ufeff\u0002]", "", text)


def test_hostile_texts_are_inert_and_complete_in_every_form(sqlite_demo: Store) -> None:
    _, plain = _told(sqlite_demo, At(DAY, session=7), address="https://suivi.example.ne")
    told = _with_texts(plain, (*HOSTILE, "é" * 10_000, "mot " * 2_500))
    page = html(told, KNOWN).decode()
    read = {
        "pdf": _pdf_text(pdf(told, KNOWN)),
        "docx": _word_text(word(told, KNOWN)),
        "html": _html_text(page.encode()),
    }
    assert "<script" not in page
    for form, text in read.items():
        squeezed = _squeezed(text)
        for typed in HOSTILE:
            if form == "pdf" and typed.startswith("\u0645"):
                # Its letters come out joined, as they are drawn, and from right to left.
                continue
            assert _squeezed(typed) in squeezed, (form, typed)
        assert squeezed.count("é") >= 10_000
        assert squeezed.count("mot") >= 2_500


@pytest.mark.parametrize(
    "address", ["https://suivi.example.ne", "https://suivi-" + "x" * 50 + ".example.ne", ""]
)
def test_the_address_of_the_same_brief_can_be_copied_and_followed(sqlite_demo: Store, address: str) -> None:
    _, told = _told(sqlite_demo, At(DAY, session=7), address=address)
    assert told.again.startswith(f"{address}/note.pdf?")
    made = pdf(told, KNOWN)
    document = pypdfium2.PdfDocument(made)
    sheet = document[len(document) - 1]
    text = sheet.get_textpage()
    assert "\u200b" not in _pdf_text(made)
    assert told.again in re.sub(r"\r?\n", "", text.get_text_bounded())
    boxes = [text.get_charbox(place) for place in range(text.count_chars())]
    assert max(right for _, _, right, _ in boxes) < sheet.get_width() - 40
    document.close()
    page, file = html(told, KNOWN).decode(), docx.Document(io.BytesIO(word(told, KNOWN)))
    targets = [relation.target_ref for relation in file.part.rels.values() if relation.is_external]
    leads = (told.again.encode() in made, f'<a href="{escape(told.again)}">' in page, told.again in targets)
    assert leads == (bool(address),) * 3
    assert told.again in _word_text(word(told, KNOWN))


def test_characters_that_a_file_refuses_break_none(sqlite_demo: Store) -> None:
    _, plain = _told(sqlite_demo, At(DAY, session=7))
    told = _with_texts(
        plain, tuple(f"avant{chr(code)}après" for code in (0, 1, 8, 11, 27, 0xFFFE, 0xD800, 127))
    )
    assert all(
        "avant" in text and "après" in text
        for text in (_pdf_text(pdf(told, KNOWN)), _word_text(word(told, KNOWN)), html(told, KNOWN).decode())
    )


@pytest.mark.parametrize(("locale", "endings"), [("fr", "e"), ("en", "th")])
def test_the_ending_of_a_rank_is_raised_in_every_form(sqlite_store: Store, locale: str, endings: str) -> None:
    found = ask(sqlite_store, BriefQuery(At(DAY, session=7), None))
    told = content(found, Scope(7, None, DAY, None, DAY, False), KNOWN, locale)
    assert any(f"8{endings} session" in item.text for item in told.decisions)
    page = html(told, KNOWN).decode().partition("<body>")[2]
    assert page.count(f"7<sup>{endings}</sup> session") == 2
    assert page.count(f"8<sup>{endings}</sup> session") == 1
    file = docx.Document(io.BytesIO(word(told, KNOWN)))
    runs = (*file.element.body.iter(qn("w:r")), *file.sections[0].footer.paragraphs[0]._p.iter(qn("w:r")))
    up = [run for run in runs if run.find(f".//{qn('w:vertAlign')}") is not None]
    assert [run.findtext(qn("w:t")) for run in up] == [endings] * 3
    document = pypdfium2.PdfDocument(pdf(told, KNOWN))
    text = document[0].get_textpage()
    whole = text.get_text_range()
    places = [found.start() for found in re.finditer(rf"\d{endings} session", whole)]
    assert len(places) == 3
    for at in places:
        (_, digit, _, _), (_, ending, _, _) = (text.get_charbox(place) for place in (at, at + 1))
        assert ending > digit + 1
    document.close()


def test_what_somebody_typed_is_set_as_it_was_typed(sqlite_demo: Store) -> None:
    _, plain = _told(sqlite_demo, At(DAY, session=7))
    told = _with_texts(plain, ("selon la 5e session",) * 2)
    assert "selon la 5e session" in html(told, KNOWN).decode()


def test_every_tile_of_the_map_has_its_bottom_edge(sqlite_store: Store) -> None:
    _, told = _told(sqlite_store, At(DAY, session=7))
    document = pypdfium2.PdfDocument(pdf(told, KNOWN))
    sheet, scale = document[0], 4
    drawn, text = sheet.render(scale=scale).to_pil().convert("L"), sheet.get_textpage()
    for tile in told.tiles:
        # In the map names stand left of their table.
        found = text.search(tile.name, match_case=True)
        places = [text.get_charbox(at) for at, _ in iter(found.get_next, None)]
        left, _, _, top = min(places)
        x, y = round(left * scale), round((sheet.get_height() - top) * scale)
        rows = (
            drawn.crop((x, row, x + 30 * scale, row + 1)) for row in range(y + 24 * scale, y + 30 * scale)
        )
        assert any(max(row.tobytes()) < 160 for row in rows), tile.name
    document.close()


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_what_waits_for_a_decision_has_heads_in_the_pdf(sqlite_demo: Store, locale: str) -> None:
    _, told = _told(sqlite_demo, At(DAY, session=7), locale)
    heads = [
        piece.text.strip()
        for sheet in sheets(pdf(told, KNOWN))
        for piece in sheet.pieces
        if piece.kind == "head"
    ]
    lists = 1 + sum(bool(one.items) and not one.moved for page in told.pages for one in page.lists)
    for name in ("what", "details", "who"):
        assert heads.count(told.words[name]) == lists


def _pdf_text(made: bytes) -> str:
    document = pypdfium2.PdfDocument(made)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def _html_text(made: bytes) -> str:
    return unescape(re.sub(r"<[^>]+>", "", made.decode().partition("<body>")[2]))


def _word_text(made: bytes) -> str:
    document = docx.Document(io.BytesIO(made))
    return "".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))


def test_word_has_real_styles_headings_and_repeated_heads(sqlite_demo: Store) -> None:
    _, told = _told(sqlite_demo, At(DAY, session=7), address="https://suivi.example.ne")
    document = docx.Document(io.BytesIO(word(told, KNOWN)))
    titles = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert [title for title in titles if "—" in title] == [
        f"{page.tag} — {page.title}" for page in told.pages
    ]
    assert document.paragraphs[0].style is not None
    assert document.paragraphs[0].style.name == "Title"
    for element in document.element.body.iter():
        # Word calls a cell without a paragraph at its end broken, and makes one table of two neighbours.
        if element.tag.endswith("}tc"):
            assert element[-1].tag.endswith("}p")
        following = element.getnext()
        assert following is None or {element.tag[-4:], following.tag[-4:]} != {"}tbl"}
    compared = [table for table in document.tables if table.style is not None and table.style.name == "CCM"]
    assert len(compared) >= 8
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in compared)
    foot = document.sections[0].footer.paragraphs[0]._p.xml
    assert "PAGE" in foot
    assert "NUMPAGES" in foot
    assert told.demo in document.sections[0].header.paragraphs[0].text
    assert 'w:val="fr-FR"' in document.styles.element.xml
    assert not document.inline_shapes
    led = {rel.target_ref for rel in document.part.rels.values() if rel.is_external}
    assert (
        f"https://suivi.example.ne/f/plan/coverage?date={DAY}&session=7&connu=20240702T093000.000000Z" in led
    )


def test_the_command_writes_the_same_file_again(sqlite_demo: Store, tmp_path: Path) -> None:
    asked = ("--session", "7", "--as-of", "2024-03-31", "--known-at", "2024-05-01T00:00:00+00:00")
    for form in Form:
        files = [tmp_path / f"{number}.{form}" for number in range(2)]
        for file in files:
            made = _run("brief", *asked, "--format", form, "-o", str(file), "--store", sqlite_demo.url)
            assert made.exit_code == 0, made.output
        assert files[0].read_bytes() == files[1].read_bytes()
    assert "31/03/2024" in _pdf_text((tmp_path / "0.pdf").read_bytes())


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("note.docx", b"PK"),
        ("note.DOCX", b"PK"),
        ("note.html", b"<!doctype html>"),
        ("note.pdf", b"%PDF"),
        ("note.odt", b"%PDF"),
        ("note", b"%PDF"),
    ],
)
def test_the_end_of_the_name_chooses_the_form(
    sqlite_demo: Store, tmp_path: Path, name: str, begins: bytes
) -> None:
    made = _run("brief", "-o", str(tmp_path / name), "--store", sqlite_demo.url)
    assert made.exit_code == 0, made.output
    assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("form", "name"), [("docx", "note.pdf"), ("html", "note.DOCX"), ("pdf", "note.html")]
)
def test_a_form_that_contradicts_the_name_is_refused(
    sqlite_demo: Store, tmp_path: Path, form: str, name: str
) -> None:
    made = _run("brief", "--format", form, "-o", str(tmp_path / name), "--store", sqlite_demo.url)
    assert made.exit_code == 2
    told = f"« {name} » n'est pas un nom de fichier {form} : ôtez --format ou changez la fin du nom"
    assert told in " ".join(made.stderr.split())
    assert not (tmp_path / name).exists()


def test_a_form_is_written_under_any_other_name(sqlite_demo: Store, tmp_path: Path) -> None:
    file = tmp_path / "note.2024"
    made = _run("brief", "--format", "docx", "-o", str(file), "--store", sqlite_demo.url)
    assert made.exit_code == 0, made.output
    assert file.read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("--session", "99"), "99"),
        (("--format", "odt"), "pdf, docx, html"),
        (("--lang", "de"), "fr, en"),
        (("--as-of", "31/02/2024"), "--as-of"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(
    sqlite_demo: Store, tmp_path: Path, wrong: tuple[str, str], told: str
) -> None:
    file = tmp_path / "brief.pdf"
    made = _run("brief", *wrong, "-o", str(file), "--store", sqlite_demo.url)
    assert made.exit_code == 2
    assert told in made.stderr
    assert not file.exists()


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(program(), list(arguments), env={"CCM_STORE": None})
