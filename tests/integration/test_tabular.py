"""CSV files as they come: every encoding and delimiter read right, everything else refused in plain words."""

import pytest

from ccm.domain.errors import ImportRejected
from ccm.importers.follow_up import REPORT_COLUMNS, assignments, reports
from ccm.importers.tabular import LARGEST_FILE, Record, read

HEADING = "recommendation;entity;as_of;status;note"
ROWS = f"{HEADING}\r\nCCM7-A1-05;Tillabéri;31/03/2024;completed;« Œuvre » à 1 000 €\r\n"
MANY = f"{HEADING}\n" + "R;E;D;S;\n" * 20_000
CELLS = {
    "recommendation": "CCM7-A1-05",
    "entity": "Tillabéri",
    "as_of": "31/03/2024",
    "status": "completed",
    "note": "« Œuvre » à 1 000 €",
}


def _refused(data: bytes) -> list[str]:
    with pytest.raises(ImportRejected) as caught:
        read(data, REPORT_COLUMNS)
    return [problem.text for problem in caught.value.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_encoding_delimiter_and_line_end_is_read(encoding: str, delimiter: str, end: str) -> None:
    text = ROWS.replace(";", delimiter).replace("\r\n", end)
    assert read(text.encode(encoding), REPORT_COLUMNS).records == (Record(2, CELLS),)


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_goes_by_its_mark(mark: bytes) -> None:
    order = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert read(mark + ROWS.encode(order), REPORT_COLUMNS).records == (Record(2, CELLS),)


def test_headings_are_known_whatever_their_case_accents_and_blanks() -> None:
    table = read(b" Recommendation ;ENTITY;As of;Status\nR;E;D;S\n", REPORT_COLUMNS)
    assert table.records == (Record(2, {"recommendation": "R", "entity": "E", "as_of": "D", "status": "S"}),)


def test_a_comma_in_a_cell_is_no_delimiter() -> None:
    table = read(f'{HEADING}\nR;E;D;S;"a, b, c, d; e ""f"""\n'.encode(), REPORT_COLUMNS)
    assert table.records[0].cells["note"] == 'a, b, c, d; e "f"'


def test_lines_are_counted_as_an_editor_shows_them() -> None:
    text = f'{HEADING}\nR;E;D;S;"one\r\ntwo\nthree"\n\n;;;;\n \t;;;;\nR2;E;D;S;\n\n\n'
    table = read(text.encode(), REPORT_COLUMNS)
    assert [(record.line, record.cells["recommendation"]) for record in table.records] == [
        (2, "R"),
        (8, "R2"),
    ]


def test_a_short_row_is_empty_to_its_right() -> None:
    table = read(f"{HEADING}\nR;E\n".encode(), REPORT_COLUMNS)
    assert table.records[0].cells == {
        "recommendation": "R", "entity": "E", "as_of": "", "status": "", "note": ""
    }  # fmt: skip


def test_a_cell_under_no_heading_is_told_with_the_other_problems() -> None:
    table = read(f"{HEADING};;\nR;E;D;S;;;\nR;E;D;S;n;;perdu;\n".encode(), REPORT_COLUMNS)
    assert [problem.text for problem in table.problems] == [
        "ligne 3 : « perdu » n'est sous aucun titre : ôtez ce qui dépasse"
    ]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ('R;"E;D;S\nR;E;D;S', "ligne 3 : un guillemet s'ouvre"),
        ('R;"E"x;D;S', "ligne 3 : un guillemet est mal placé"),
        (f'R;E;D;S;"{"a" * 140_000}"', "ligne 3 : une cellule est démesurée"),
    ],
)
def test_what_stands_before_a_broken_row_is_told_with_it(row: str, says: str) -> None:
    table = read(f"{HEADING};colonne\nR;E;D;S;n;inconnue;perdu\n{row}".encode(), REPORT_COLUMNS)
    unknown, lost, broken = (problem.text for problem in table.problems)
    assert "colonnes inconnues : colonne" in unknown
    assert lost == "ligne 2 : « perdu » n'est sous aucun titre : ôtez ce qui dépasse"
    assert says in broken
    assert [set(record.cells) for record in table.records] == [set(HEADING.split(";"))]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "vide"),
        (b"\n\n ;;\r\n", "vide"),
        (b"\xef\xbb\xbf", "vide"),
        (b'"recommendation;entity', "ligne 1 : un guillemet s'ouvre"),
        (f"{HEADING}\nR;E;D\0;S".encode(), "ligne 2 : un octet nul"),
        (ROWS.encode("utf-16-le"), "octet nul"),
        (ROWS.encode("utf-32"), "octet nul"),
        (b"recommendation\x81", "encodage"),
        (b"\xef\xbb\xbf\xff", "encodage"),
        (b"PK\x03\x04...", "CSV"),
        (b"\xd0\xcf\x11\xe0...", "CSV"),
        (MANY.encode() + b"R;E;D;S;\n", "20 000"),
        (b"a" * (LARGEST_FILE + 1), "10 Mo"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(data: bytes, says: str) -> None:
    (told,) = _refused(data)
    assert says in told


def test_every_problem_of_the_heading_is_told_at_once() -> None:
    told = _refused("recommendation;Entité;status;STATUS;percents\n".encode("cp1252"))
    assert [problem.split(" : ")[1] for problem in told] == [
        "colonnes inconnues",
        "colonnes données deux fois",
        "colonnes manquantes",
    ]
    assert "Entité, percents" in told[0]
    assert "blocked_reason" in told[0]
    assert "entity, as_of" in told[2]
    assert all(problem.startswith("ligne 1 : ") for problem in told)


def test_a_hundred_thousand_columns_are_refused_shortly() -> None:
    told = _refused(";".join(f"c{n}" for n in range(100_000)).encode())
    assert max(map(len, told)) < 500


def test_a_file_of_twenty_thousand_rows_is_read() -> None:
    assert len(read(MANY.encode(), REPORT_COLUMNS).records) == 20_000


def test_files_become_commands() -> None:
    command, sample = reports(ROWS.encode("cp1252"), validate=True)
    (line,) = command.lines
    assert (line.recommendation, line.note, line.percent, line.line) == ("CCM7-A1-05", CELLS["note"], "", 2)
    assert (command.validate, command.dry_run) == (True, False)
    assert (sample.encoding, sample.words[0]) == ("cp1252", "Tillabéri")
    work, _ = assignments(b"entity,recommendation,weight\nNE001,CCM7-A1-05,3\n", dry_run=True)
    assert (work.lines[0].entity, work.lines[0].weight, work.dry_run) == ("NE001", "3", True)
