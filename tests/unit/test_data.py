"""The data of the 7th session, checked against the source line by line."""

import csv
import json
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
LINES = (DATA / "source" / "ccm7-reunion-technique.txt").read_text(encoding="utf-8").split("\n")
REGIONS = [f"NE{number:03d}" for number in range(1, 9)]
#: The row cut by a page break: its cells go on two lines further down.
CUT, REST = 109, 111

HEADERS = {
    "sessions": "number,title,note",
    "instances": "session,kind,held_on,source_line,note",
    "axes": "key,framework,label,source_line",
    "challenges": "key,session,axis,text,source_line,note",
    "priorities": "key,challenge,text,source_line",
    "recommendations": "key,session,axis,challenge,priorities,text,nature,source_line,actor_cell,entities"
    ",doubt,other_reading",
    "observations": "key,session,instance,text,source_line,status",
    "entities": "key,kind,parent,iso,origin,note",
    "entity_names": "entity,short_name,name,valid_from,valid_to,origin,note",
    "entity_aliases": "entity,alias,origin",
}


def read(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


TABLES = {name: read(name) for name in HEADERS}
RECOMMENDATIONS = TABLES["recommendations"]


def clean(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def cell(line: int, column: int) -> str:
    """A cell of the synthesis table, the cut row made whole; empty where the line has no such column."""

    def part(number: int) -> str:
        cells = LINES[number - 1].split("\t")
        return cells[column] if column < len(cells) else ""

    return clean(part(CUT) + " " + part(REST)) if line == CUT else clean(part(line))


def fold(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def named(row: dict[str, str]) -> list[str]:
    return [key for name in row["entities"].split() for key in (REGIONS if name == "regions" else [name])]


ANSWERS = [(row, entity) for row in RECOMMENDATIONS for entity in named(row)]


@pytest.mark.parametrize("name", HEADERS)
def test_file_is_plain(name: str) -> None:
    raw = (DATA / f"{name}.csv").read_bytes()
    text = raw.decode("utf-8")
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert text.endswith("\n") and not text.endswith("\n\n")
    assert text.splitlines()[0] == HEADERS[name]
    assert unicodedata.is_normalized("NFC", text)
    for row in TABLES[name]:
        assert None not in row and None not in row.values(), row
        for value in row.values():
            assert value == " ".join(value.split()), row


def test_counts() -> None:
    counts = {name: len(rows) for name, rows in TABLES.items()}
    assert counts["challenges"] == 16 and counts["priorities"] == 31
    assert counts["recommendations"] == 48 and counts["observations"] == 9
    assert counts["entities"] == 20 and counts["sessions"] == 1
    assert Counter(row["axis"] for row in RECOMMENDATIONS) == {"G": 6, "A1": 12, "A2": 15, "A3": 15}
    assert Counter(row["axis"] for row in TABLES["challenges"]) == {"G": 4, "A1": 4, "A2": 3, "A3": 5}
    axis_of = {row["key"]: row["axis"] for row in TABLES["challenges"]}
    priorities = Counter(axis_of[row["challenge"]] for row in TABLES["priorities"])
    assert priorities == {"G": 4, "A1": 10, "A2": 8, "A3": 9}


def test_keys_are_sequential_and_in_source_order() -> None:
    def numbered(prefix: str, count: int, digits: int = 2) -> list[str]:
        return [f"CCM7-{prefix}{number:0{digits}d}" for number in range(1, count + 1)]

    expected = {
        "axes": ["G", "A1", "A2", "A3"],
        "challenges": numbered("D", 16),
        "priorities": numbered("P", 31),
        "recommendations": numbered("G-", 6)
        + numbered("A1-", 12)
        + numbered("A2-", 15)
        + numbered("A3-", 15),
        "observations": numbered("O", 9, digits=1),
    }
    for name, keys in expected.items():
        assert [row["key"] for row in TABLES[name]] == keys
        lines = [int(row["source_line"]) for row in TABLES[name]]
        assert lines == sorted(lines)
    for name, column in (("recommendations", 2), ("priorities", 1), ("challenges", 0)):
        places = [
            (int(row["source_line"]), cell(int(row["source_line"]), column).index(row["text"]))
            for row in TABLES[name]
        ]
        assert places == sorted(set(places))
    keys = [row["key"] for row in TABLES["entities"]]
    assert len(keys) == len(set(keys)) and keys[:8] == REGIONS


def test_every_reference_resolves() -> None:
    keys = {
        name: {row["key"] for row in TABLES[name]}
        for name in ("axes", "challenges", "priorities", "entities")
    }
    sessions = {row["number"] for row in TABLES["sessions"]}
    instances = {(row["session"], row["kind"]) for row in TABLES["instances"]}
    challenges = {row["key"]: row for row in TABLES["challenges"]}
    challenge_of = {row["key"]: row["challenge"] for row in TABLES["priorities"]}
    for name in ("instances", "challenges", "recommendations", "observations"):
        assert {row["session"] for row in TABLES[name]} <= sessions
    assert {row["axis"] for row in TABLES["challenges"]} == keys["axes"]
    assert set(challenge_of.values()) == keys["challenges"]
    for row in RECOMMENDATIONS:
        assert challenges[row["challenge"]]["axis"] == row["axis"]
        assert {challenge_of[key] for key in row["priorities"].split()} == {row["challenge"]}
        assert set(named(row)) <= keys["entities"] and len(named(row)) == len(set(named(row)))
        assert row["key"].split("-")[1] == row["axis"]
    assert {key for row in RECOMMENDATIONS for key in row["priorities"].split()} == keys["priorities"]
    assert {(row["session"], row["instance"]) for row in TABLES["observations"]} <= instances
    for name in ("entity_names", "entity_aliases"):
        assert {row["entity"] for row in TABLES[name]} == keys["entities"]
    assert {row["parent"] for row in TABLES["entities"]} <= keys["entities"] | {""}
    remarks = " ".join(row["doubt"] + " " + row["other_reading"] for row in RECOMMENDATIONS)
    mentioned = set(re.findall(r"CCM7-(?:[A-Z]\d?-)?[A-Z]?\d+", remarks))
    assert mentioned <= keys["challenges"] | keys["priorities"] | {row["key"] for row in RECOMMENDATIONS}


@pytest.mark.parametrize(("name", "column"), [("challenges", 0), ("priorities", 1), ("recommendations", 2)])
def test_texts_are_the_words_of_the_source_and_none_is_lost(name: str, column: int) -> None:
    texts: dict[int, list[str]] = {}
    for row in TABLES[name]:
        texts.setdefault(int(row["source_line"]), []).append(row["text"])
    for line in range(77, len(LINES) + 1):
        if line == REST or line in (81, 82, 92, 106):
            continue
        rest = cell(line, column)
        for text in texts.get(line, []):
            assert text in rest, (line, text)
            rest = rest.replace(text, "", 1)
        assert not rest.strip(" -;,"), (line, rest)


def test_headings_and_observations_are_in_the_source() -> None:
    for row in TABLES["axes"]:
        assert clean(LINES[int(row["source_line"]) - 1]).endswith(row["label"])
    for row in TABLES["observations"]:
        assert clean(LINES[int(row["source_line"]) - 1]).strip(" -;,.") == row["text"]
        assert row["status"] == "open"


def test_actor_cells_are_those_of_the_source() -> None:
    for row in RECOMMENDATIONS:
        assert row["actor_cell"] == cell(int(row["source_line"]), 3), row["key"]
        assert bool(row["actor_cell"]) == bool(row["entities"]), row["key"]


def test_every_entity_is_named_in_its_cell() -> None:
    aliases: dict[str, list[str]] = {}
    for row in TABLES["entity_aliases"]:
        aliases.setdefault(row["entity"], []).append(row["alias"])
    for row in RECOMMENDATIONS:
        said = fold(row["actor_cell"])
        for key in row["entities"].split():
            names = ["Toutes les régions"] if key == "regions" else aliases[key]
            found = [name for name in names if re.search(rf"(?<!\w){re.escape(fold(name))}(?!\w)", said)]
            assert found, (row["key"], key)


def test_expected_answers() -> None:
    assert len(ANSWERS) == 318
    assert Counter(row["axis"] for row, _ in ANSWERS) == {"G": 31, "A1": 105, "A2": 113, "A3": 69}
    regions = {key: 36 if key in ("NE002", "NE006") else 35 for key in REGIONS}
    ministries = {"MI-D": 9, "MAEC": 6, "MF": 5, "MJ": 4, "MAT-DC": 1, "MU-H": 1}
    others = {"PTF": 3, "ETAT": 2, "CT": 2, "INS": 1, "DST": 1, "ANLTP-TIM": 1}
    assert Counter(entity for _, entity in ANSWERS) == regions | ministries | others
    assert len({row["key"] for row, entity in ANSWERS if entity in ministries}) == 10
    unassigned = [row["key"] for row in RECOMMENDATIONS if not row["entities"]]
    assert unassigned == [f"CCM7-A3-{number}" for number in (10, 11, 12, 13)]


def test_priorities_beside_each_recommendation() -> None:
    beside = {84: 2, 85: 3, 108: 2}
    for row in RECOMMENDATIONS:
        assert len(row["priorities"].split()) == beside.get(int(row["source_line"]), 1), row["key"]
    assert {row["nature"] for row in RECOMMENDATIONS} == {"finite"}


def test_doubt_and_other_reading_stand_together() -> None:
    for row in RECOMMENDATIONS:
        assert bool(row["doubt"]) == bool(row["other_reading"]), row["key"]
        if not row["entities"]:
            assert row["doubt"], row["key"]


def test_meetings_are_dated() -> None:
    assert {row["kind"]: date.fromisoformat(row["held_on"]) for row in TABLES["instances"]} == {
        "preparatory": date(2022, 7, 26),
        "technical": date(2022, 7, 28),
        "political": date(2022, 8, 5),
    }
    spelled = {"preparatory": "26 juillet 2022", "technical": "28 juillet 2022", "political": "05 août 2022"}
    for row in TABLES["instances"]:
        assert spelled[row["kind"]] in LINES[int(row["source_line"]) - 1]


def test_names_and_aliases() -> None:
    origins = {
        row["origin"] for name in ("entities", "entity_names", "entity_aliases") for row in TABLES[name]
    }
    assert origins <= {"source", "reference", "to_confirm"}
    names = [row["entity"] for row in TABLES["entity_names"]]
    assert len(names) == len(set(names))
    folded = [fold(row["alias"]) for row in TABLES["entity_aliases"]]
    assert len(folded) == len(set(folded))
    whole = fold(clean(" ".join(LINES)))
    for row in TABLES["entity_aliases"]:
        if row["origin"] == "source":
            assert fold(row["alias"]) in whole, row
    for row in TABLES["entity_names"]:
        if row["origin"] == "source":
            assert fold(row["name"]) in whole, row


def test_shapes_are_those_of_the_regions() -> None:
    shapes = json.loads((DATA / "niger-regions.geojson").read_text(encoding="utf-8"))["features"]
    regions = {row["key"]: row for row in TABLES["entities"] if row["kind"] == "region"}
    short = {row["entity"]: row["short_name"] for row in TABLES["entity_names"]}
    assert [shape["id"] for shape in shapes] == list(regions) == REGIONS
    for shape in shapes:
        assert shape["properties"]["iso"] == regions[shape["id"]]["iso"]
        assert shape["properties"]["name"] == short[shape["id"]]
