"""Words compared without accent, case or number."""

import csv
import re

import pytest

from ccm.config import DATA
from ccm.domain.folding import fold, other_number


def _words() -> set[str]:
    """Every word of the recommendations, folded."""
    with (DATA / "recommendations.csv").open(encoding="utf-8", newline="") as file:
        return {word for row in csv.DictReader(file) for word in re.findall(r"[a-z]+", fold(row["text"]))}


#: Words as typed, and their other form; None where no other form is needed.
PAIRS = {
    "migrants": "migrant",
    "réseaux": "reseau",
    "régionaux": "regional",
    "régional": "regionaux",
    "actions": "action",
    "migrant": None,
    "accès": "acce",
    "processus": "processu",
    "lois": "loi",
    "loi": None,
    "axe": None,
    "les": None,
    "taux": "tal",
    "process": None,
    "CCM7-A1-05": None,
    "l'emplois": "l'emploi",
}


@pytest.mark.parametrize("word", PAIRS)
def test_the_other_number_of_a_word(word: str) -> None:
    assert other_number(fold(word)) == PAIRS[word]


def test_both_numbers_of_a_word_in_the_recommendations_are_paired() -> None:
    words = _words()
    pairs = {word: other for word in words if (other := other_number(word)) in words}
    assert pairs == {
        "ministeres": "ministere",
        "femmes": "femme",
        "nationaux": "national",
        "national": "nationaux",
        "discussions": "discussion",
        "formels": "formel",
    }


def test_the_other_number_leads_back_or_is_held() -> None:
    for word in _words():
        other = other_number(word)
        assert other is None or other_number(other) == word or word.startswith(other) or other + "s" == word
