"""One recommendation on screen: every state it can be in, its texts, its history, what people typed."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import insert, select, update

from ccm.commands import current_state
from ccm.domain.vocabulary import (
    AssignmentRole,
    BlockedCause,
    ChangeField,
    DroppedKind,
    InstanceKind,
    Nature,
    ReportState,
    RevisionKind,
    Status,
)
from ccm.queries.results import RevisionEntry
from ccm.render.sentences.recommendation import compared, texts
from ccm.store import Store, Transaction, open_store
from ccm.store.journal import Entry, append
from ccm.store.models import (
    Assignment,
    AssignmentChange,
    Entity,
    ProgressReport,
    Recommendation,
    RecommendationChange,
    StoreState,
)
from tests.ui.conftest import OpenScreen, Screen, cells

DAY = dt.date(2023, 6, 30)
LATE_NOTE = "Envoyé <img src=x onerror=alert(1)> pour US$5 and US$6 :material/x:\n\n# deuxième ligne"
REASON = "Arrêté <script>alert(1)</script> non signé"


# A store with one recommendation in each state -------------------------------------------------------------


@pytest.fixture(scope="module")
def states_url(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real plan with a few invented answers."""
    path = shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("states") / "store.db")
    store = open_store(f"sqlite:///{path}")
    _fill(store)
    store.close()
    yield f"sqlite:///{path}"


def _fill(store: Store) -> None:
    with store.write("test") as transaction:
        # Answers are kept under a store's identity: this one is no longer the template's.
        transaction.connection.execute(update(StoreState).values(store_uuid="states"))
        first, late, march = dt.date(2022, 12, 31), dt.date(2022, 9, 30), dt.date(2023, 3, 31)
        _report(transaction, "G-01/MJ", first, Status.IN_PROGRESS, 25, note="Premier point")
        _report(
            transaction, "G-01/MJ", dt.date(2023, 3, 31), Status.COMPLETED, 100, retracted="Saisie erronée."
        )
        mj = transaction.connection.execute(select(Entity.id).where(Entity.key == "MJ")).scalar_one()
        blocked = {"blocked_reason": REASON, "blocked_cause": BlockedCause.LEGAL_TEXT, "blocked_by_id": mj}
        _report(transaction, "G-01/MI-D", march, Status.BLOCKED, 40, **blocked)
        _report(transaction, "G-02/MJ", late, Status.IN_PROGRESS, 50, note=LATE_NOTE)
        _report(transaction, "G-02/MI-D", first, Status.COMPLETED, 100, state=ReportState.SUBMITTED)
        for key in ("A1-10/NE002", "A1-10/NE006"):
            dropped = {"dropped_kind": DroppedKind.OVERTAKEN, "note": "Repris ailleurs"}
            _report(transaction, key, first, Status.DROPPED, None, **dropped)
        _change(transaction, "G-01/MI-D", ChangeField.DUE_DATE, march.isoformat(), march)
        _change(transaction, "G-02/MAT-DC", ChangeField.ROLE, AssignmentRole.SUPPORT.value)
        continuous = select(Recommendation.id).where(Recommendation.key == "CCM7-G-03")
        transaction.connection.execute(
            insert(RecommendationChange).values(
                recommendation_id=transaction.connection.execute(continuous).scalar_one(),
                field=ChangeField.NATURE,
                value=Nature.CONTINUOUS,
                effective_on=dt.date(2022, 9, 1),
                recorded_at=transaction.now,
            )
        )
        withdrawn = select(Recommendation.id).where(Recommendation.key == "CCM7-A3-15")
        transaction.connection.execute(
            insert(RecommendationChange).values(
                recommendation_id=transaction.connection.execute(withdrawn).scalar_one(),
                field=ChangeField.WITHDRAWN,
                value="true",
                effective_on=dt.date(2023, 1, 1),
                recorded_at=transaction.now,
            )
        )
        current_state.refresh(transaction)
        append(transaction, [Entry("test.filled", "store", "states", {})])


def _report(
    transaction: Transaction,
    key: str,
    as_of: dt.date,
    status: Status,
    percent: int | None,
    retracted: str = "",
    **values: object,
) -> None:
    sent = dt.datetime.combine(as_of, dt.time(9), dt.UTC)
    if values.get("note") == LATE_NOTE:
        sent += dt.timedelta(days=140)
    official = values.get("state") is not ReportState.SUBMITTED
    assignment = select(Assignment.id).where(Assignment.key == f"CCM7-{key}")
    transaction.connection.execute(
        insert(ProgressReport).values(
            {
                "assignment_id": transaction.connection.execute(assignment).scalar_one(),
                "as_of": as_of,
                "status": status,
                "percent": percent,
                "author": "Madame Untel",
                "state": ReportState.RETRACTED if retracted else ReportState.VALIDATED,
                "submitted_at": sent,
                "validated_at": sent if official else None,
                "retracted_at": sent + dt.timedelta(days=5) if retracted else None,
                "retracted_reason": retracted,
                **values,
            }
        )
    )


def _change(
    transaction: Transaction, key: str, field: ChangeField, value: str, day: dt.date | None = None
) -> None:
    assignment = select(Assignment.id).where(Assignment.key == f"CCM7-{key}")
    transaction.connection.execute(
        insert(AssignmentChange).values(
            assignment_id=transaction.connection.execute(assignment).scalar_one(),
            field=field,
            value=value,
            day=day,
            effective_on=dt.date(2022, 9, 1),
            recorded_at=transaction.now,
        )
    )


@pytest.fixture
def see(open_screen: OpenScreen, states_url: str) -> OpenScreen:
    """`see(key)`: the page of one recommendation of the store above, on a day of 2023."""

    def go(key: str, /, **parameters: str) -> Screen:
        screen = open_screen(states_url, "recommendation", **{"date": DAY.isoformat(), **parameters}, cle=key)
        assert screen.exceptions == []
        return screen

    return go


def history(screen: Screen) -> list[str]:
    """The lines of the history, the newest first."""
    return [line.text for found in screen.tree.all("ol", cls="ccm-tl") for line in found.all("li")]


def to_follow(screen: Screen) -> list[tuple[str, str]]:
    """What waits for somebody: how many, of what."""
    lines = [line for block in screen.tree.all("aside", cls="ccm-act") for line in block.all("li")]
    return [(line.all("b")[0].text, line.all("strong")[0].text) for line in lines]


# Every state ---------------------------------------------------------------------------------------------


def test_a_silent_recommendation_says_who_is_awaited(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "recommendation", cle="CCM7-A1-05")
    assert screen.h1[0].startswith("Réduire les coûts de transfert de fonds du système formel")
    (matrix,) = screen.tree.all("table", cls="ccm-mx")
    rows = [row for row in cells(matrix) if len(row) > 1]
    assert len(rows) == 11
    assert {row[-4] for row in rows} == {"Non renseigné"}
    # On a phone the word stands under the cells.
    under = [" ".join(row.text.split()) for row in matrix.all("tr", cls="ccm-under")]
    assert under == [f"{row[0]} Non renseigné" for row in rows]
    assert screen.section("Engagements : 8 régions, 3 ministères")
    assert to_follow(screen) == [("11", "réponses jamais données")]
    assert "Doute à trancher" in screen.text
    assert "soit 11 réponses attendues." in screen.text
    assert "Un taux de 0,0 % signifie ici que rien n’a été dit" in screen.text
    assert "/r/CCM7-A1-05" in screen.links


def test_in_english(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "recommendation", cle="CCM7-A1-05", lang="en")
    assert screen.exceptions == []
    assert screen.section("Commitments: 8 regions, 3 ministries")
    assert to_follow(screen) == [("11", "answers never given")]
    assert "A doubt to settle" in screen.text
    assert "read here as" in screen.text or "cell of the actors" in screen.text
    assert "The text, from one meeting to the next" in screen.text


def test_blocked_late_and_retracted(see: OpenScreen) -> None:
    screen = see("CCM7-G-01")
    (block,) = [node for node in screen.tree.all("aside", cls="ccm-act") if "À suivre" in node.text]
    assert to_follow(screen) == [("1", "engagement bloqué"), ("1", "réponse en retard")]
    assert f"MI/D : {REASON} (Texte d’application attendu)" in block.text
    assert "Doit agir : MJ" in block.text
    assert "Échéance passée le 31/03/2023." in block.text
    lines = history(screen)
    retracted = next(line for line in lines if "réalisé, 100" in line)
    assert "retiré le" in retracted
    assert "Saisie erronée, ne compte plus" in retracted
    assert "ne compte plus" in retracted
    # The report before it holds again.
    (matrix,) = screen.tree.all("table", cls="ccm-mx")
    mj = next(row for row in cells(matrix) if row[0] == "MJ")
    assert "En cours" in mj
    # So does, on a phone, what is to be followed.
    under = {row.text.split()[0]: row.text for row in matrix.all("tr", cls="ccm-under")}
    assert REASON[:40] in under["MI/D"]
    assert any("échéance fixée au 31/03/2023" in line for line in lines)


def test_late_notes_support_and_what_is_not_official(see: OpenScreen) -> None:
    screen = see("CCM7-G-02")
    assert "transmis 140 jours après sa date" in screen.text
    assert " ".join(LATE_NOTE.split()) in screen.text
    assert screen.tree.all("img") == []
    assert screen.tree.all("script") == []
    assert "Madame Untel" not in screen.text
    support = cells(screen.section("En appui").all("table")[0])
    assert [row[:2] for row in support] == [["MAT/DC", "Non renseigné"]]
    # Submitted, not validated: nobody but its author knows of it.
    (matrix,) = screen.tree.all("table", cls="ccm-mx")
    assert "Non renseigné" in next(row for row in cells(matrix) if row[0] == "MI/D")
    assert not any("MI/D" in line and "réalisé" in line for line in history(screen))
    assert any("rôle : en appui" in line for line in history(screen))


def test_a_continuous_one(see: OpenScreen) -> None:
    screen = see("CCM7-G-03")
    assert "Recommandation continue : elle n’a pas de fin." in screen.text
    assert "Elle est silencieuse : aucune réponse récente." in screen.text
    assert screen.tree.all("dl", cls="ccm-trio") == []
    assert any("nature : continue" in line for line in history(screen))


def test_a_dropped_one(see: OpenScreen) -> None:
    screen = see("CCM7-A1-10")
    assert "Abandonnée ou sans objet pour tous ses responsables" in screen.text
    assert screen.tree.all("dl", cls="ccm-trio") == []
    assert "Repris ailleurs" in screen.text


def test_an_unassigned_one(see: OpenScreen) -> None:
    screen = see("CCM7-A3-10")
    assert "Non attribuée : personne n’en est responsable." in screen.text
    assert "La cellule « acteurs » est vide dans la table source." in screen.text
    assert "Secrétariat permanent : attribuer" in screen.text
    assert screen.tree.all("table", cls="ccm-mx") == []


def test_a_withdrawn_one(see: OpenScreen) -> None:
    screen = see("CCM7-A3-15")
    assert "Cette recommandation était retirée du suivi au 30/06/2023." in screen.text
    assert any("retirée du suivi" in line for line in history(screen))
    earlier = see("CCM7-A3-15", date="2022-12-31")
    assert "retirée du suivi" not in earlier.text
    assert len(earlier.tree.all("table", cls="ccm-mx")) == 1


def test_before_the_adoption(see: OpenScreen) -> None:
    screen = see("CCM7-G-01", date="2022-07-30")
    assert "Pas encore en suivi au 30/07/2022 : son suivi commence le 05/08/2022." in screen.text
    assert screen.tree.all("table") == []


@pytest.mark.parametrize("key", ["CCM9-Z-99", "<b>x</b>", "a" * 500])
def test_an_unknown_key_is_said_and_the_search_offered(see: OpenScreen, key: str) -> None:
    screen = see(key)
    assert screen.h1[0].startswith("Aucune recommandation ne porte la clé « ")
    assert [field.label for field in screen.at.main.text_input].count("Chercher") == 1


def test_without_a_key(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "recommendation")
    assert screen.h1 == ["Quelle recommandation cherchez-vous ?"]


def test_a_key_may_be_typed_in_small_letters(see: OpenScreen) -> None:
    assert see("ccm7-g-01").h1 == see("CCM7-G-01").h1


def test_a_short_key_leads_to_its_recommendation(open_screen: OpenScreen, first_load_url: str) -> None:
    screen = open_screen(first_load_url, "recommendation", cle="a3-08")
    whole = open_screen(first_load_url, "recommendation", cle="CCM7-A3-08")
    assert screen.h1 == whole.h1
    assert screen.at.query_params["cle"] == "CCM7-A3-08"
    assert open_screen(first_load_url, "recommendation", cle="08").h1 != whole.h1


# Source and texts ----------------------------------------------------------------------------------------


def test_the_source_line_is_quoted_as_it_stands(see: OpenScreen) -> None:
    screen = see("CCM7-A1-05")
    quotes = [node.text for node in screen.section("Source").all("blockquote")]
    assert len(quotes) == 4
    assert quotes[1].startswith('<ul style="list-style-type: none"> - Créer un climat de confiance')
    assert "ligne 84" in screen.section("Source").text


def test_missing_texts_are_said(see: OpenScreen) -> None:
    screen = see("CCM7-A1-05")
    missing = screen.tree.all("li", cls="ccm-no")
    assert [line.text.split(" 2")[0] for line in missing] != []
    assert all("compte rendu non versé" in line.text for line in missing)
    assert "Texte inconnu à ce jour." in missing[-1].text


def _text(instance: InstanceKind, words: str | None) -> RevisionEntry:
    return RevisionEntry(instance, dt.date(2022, 7, 26), RevisionKind.PROPOSED, words, "")


def test_only_changed_words_are_marked() -> None:
    before = "Réduire les coûts de transfert de fonds, en vue d'inciter la diaspora"
    after = "Réduire les coûts de transfert de fonds du système formel, en vue d’inciter les migrants"
    pieces = compared(before, after)
    assert [(piece.kind, piece.text) for piece in pieces if piece.kind != "kept"] == [
        ("added", "du système formel"),
        ("removed", "d'inciter la diaspora"),
        ("added", "d’inciter les migrants"),
    ]
    for dropped, whole in (("removed", after), ("added", before)):
        rebuilt = "".join(p.text + (" " if p.spaced else "") for p in pieces if p.kind != dropped)
        assert rebuilt.split() == whole.split() or rebuilt.replace(" ", "") == whole.replace(" ", "")


def test_a_text_is_compared_with_the_last_known_one() -> None:
    versions = texts(
        [
            _text(InstanceKind.PREPARATORY, "Un texte"),
            _text(InstanceKind.TECHNICAL, None),
            _text(InstanceKind.POLITICAL, "Un autre texte"),
        ]
    )
    assert [(version.added, version.removed) for version in versions] == [(None, None), (None, None), (1, 0)]


def test_challenge_and_priorities_lead_to_the_others_of_the_register(
    open_screen: OpenScreen, first_load_url: str
) -> None:
    screen = open_screen(first_load_url, "recommendation", cle="CCM7-A1-05")
    (place,) = screen.tree.all("div", cls="ccm-meta")
    links = [link.attributes["href"] for link in place.all("a")]
    assert [href for href in links if "defi=" in href] == ["/recommandations?defi=CCM7-D05"]
    assert [href for href in links if "priorite=" in href]
    for href in links:
        register = open_screen(first_load_url, "register", **dict(parse_qsl(urlsplit(href).query)))
        assert "A1-05" in register.text
