"""Messages: French ids, French plurals, English from the catalogue, French again where it has none."""

from enum import StrEnum

import pytest

from ccm.domain import labels, vocabulary
from ccm.domain.vocabulary import EntityKind, Status
from ccm.i18n import known_locale, translator

ENUMS = [
    value for value in vars(vocabulary).values() if isinstance(value, type) and issubclass(value, StrEnum)
]
CODES = [code for enum in ENUMS if enum is not StrEnum for code in enum]
RECEIVED = ("%(n)s réponse reçue sur %(of)s", "%(n)s réponses reçues sur %(of)s")
HARD = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("n", "expected"), [(0, "réponse reçue"), (1, "réponse reçue"), (2, "réponses reçues")]
)
def test_zero_takes_the_singular_in_french(n: int, expected: str) -> None:
    assert expected in translator("fr").ngettext(*RECEIVED, n)


@pytest.mark.parametrize(("n", "expected"), [(0, "answers"), (1, "answer "), (2, "answers")])
def test_zero_takes_the_plural_in_english(n: int, expected: str) -> None:
    assert expected in translator("en").ngettext(*RECEIVED, n)


def test_an_unknown_message_is_said_in_french() -> None:
    t = translator("en")
    assert t.gettext("Jamais traduit") == "Jamais traduit"
    assert t.ngettext("%(n)s chose", "%(n)s choses", 0) == "%(n)s chose"
    assert t.pgettext("nulle part", "Jamais traduit") == "Jamais traduit"
    assert t.npgettext("nulle part", "%(n)s chose", "%(n)s choses", 2) == "%(n)s choses"


def test_french_spaces_do_not_break() -> None:
    t = translator("fr")
    assert t.gettext("Attention : « oui » ; à 100 %% !") == (
        f"Attention{HARD}: «{HARD}oui{HARD}»{HARD}; à 100\N{NARROW NO-BREAK SPACE}%%{HARD}!"
    )
    assert t.gettext("%(n)s %(of)s 5 %(days)s") == "%(n)s %(of)s 5 %(days)s"


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("code", CODES, ids=lambda code: f"{type(code).__name__}.{code.name}")
def test_every_code_has_a_label(code: StrEnum, locale: str) -> None:
    assert labels.label(code, translator(locale))


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_status_has_a_meaning_and_a_letter_of_its_own(locale: str) -> None:
    t = translator(locale)
    assert len({labels.letter(status, t) for status in Status}) == len(Status)
    assert all(labels.meaning(status, t).endswith(".") for status in Status)
    assert all(labels.kind_heading(kind, t) for kind in EntityKind)


def test_labels_of_two_lists_with_one_spelling_stay_apart() -> None:
    assert labels.label(vocabulary.GroupBy.REGION, translator("en")) == "Region"
    assert labels.label(Status.COMPLETED, translator("en")) == "Completed"


@pytest.mark.parametrize(
    ("asked", "given"),
    [("en-GB", "en"), ("EN", "en"), ("fr_NE", "fr"), ("de", "fr"), ("", "fr"), (None, "fr")],
)
def test_a_locale_is_always_a_known_one(asked: str | None, given: str) -> None:
    assert known_locale(asked) == given
