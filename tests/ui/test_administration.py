"""The pages of administration and of the journal: for administrators alone, and nothing typed is lost."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.people_changes import ChangePerson, DisablePerson, SetContact
from ccm.domain.dates import utc_now
from ccm.domain.vocabulary import UserRole
from ccm.queries.people import Person, people
from ccm.store import Store, open_store
from ccm.store.models import (
    AuditEvent,
    Credential,
    Entity,
    EntityAlias,
    ReportingPeriod,
    Setting,
    SignIn,
    Succession,
    User,
)
from tests.ui.conftest import OpenScreen, Screen
from tests.ui.people import ADMINISTRATOR, EVERYBODY, FOCAL_POINT, sign_in

OTHERS = [name for name in EVERYBODY if name != ADMINISTRATOR]


@pytest.fixture
def own_url(demo_template: Path, tmp_path: Path) -> str:
    """A demonstration of this test's own."""
    return f"sqlite:///{shutil.copyfile(demo_template, tmp_path / 'store.db')}"


@pytest.fixture
def own_store(own_url: str):  # type: ignore[no-untyped-def]
    """The same, open beside the application."""
    store = open_store(own_url)
    yield store
    store.close()


@pytest.fixture
def page(own_url: str, open_screen: OpenScreen, monkeypatch: pytest.MonkeyPatch) -> Screen:
    """The page of administration, opened by an administrator."""
    sign_in(monkeypatch, own_url, ADMINISTRATOR)
    return open_screen(own_url, "administration")


def _person(store: Store, name: str) -> Person:
    with store.read() as connection:
        return next(one for one in people(connection) if one.name == name)


def _press(screen: Screen, label: str) -> Screen:
    next(button for button in screen.at.button if button.label == label).click().run()
    again = Screen(screen.at)
    assert again.exceptions == []
    return again


def _choose(screen: Screen, name: str) -> Screen:
    screen.at.selectbox(key="admin-person").select(name).run()
    return Screen(screen.at)


@pytest.mark.parametrize("lang", ["fr", pytest.param("en", marks=pytest.mark.long)])
@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("page_", ["administration", "journal"])
def test_they_are_the_administrators(
    demo_url: str,
    open_screen: OpenScreen,
    monkeypatch: pytest.MonkeyPatch,
    page_: str,
    name: str,
    lang: str,
) -> None:
    sign_in(monkeypatch, demo_url, name)
    screen = open_screen(demo_url, page_, lang=lang)
    assert screen.exceptions == []
    # No field to fill in, no table to read.
    assert {one.key for one in screen.at.text_input} <= {"ccm-date", "ccm-depuis"}
    assert not screen.tree.all("table", cls="ccm-cards")
    assert "Point focal Agadez" not in screen.text


@pytest.mark.parametrize(
    ("lang", "title", "rooms"),
    [
        ("fr", "Administration", ["Personnes", "Acteurs", "Périodes", "Réglages"]),
        ("en", "Administration", ["People", "Actors", "Periods", "Settings"]),
    ],
)
def test_an_administrator_has_four_rooms(
    own_url: str,
    open_screen: OpenScreen,
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    title: str,
    rooms: list[str],
) -> None:
    sign_in(monkeypatch, own_url, ADMINISTRATOR)
    screen = open_screen(own_url, "administration", lang=lang)
    assert screen.exceptions == []
    assert screen.h1[-1] == title
    assert [tab.label for tab in screen.at.tabs] == rooms
    assert FOCAL_POINT in screen.text


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_journal_is_told_in_words(
    own_url: str, own_store: Store, open_screen: OpenScreen, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    submit(own_store, CONSOLE, DisablePerson(FOCAL_POINT))
    sign_in(monkeypatch, own_url, ADMINISTRATOR)
    screen = open_screen(own_url, "journal", lang=lang)
    assert screen.exceptions == []
    told = {"fr": "Personne désactivée", "en": "Person disabled"}[lang]
    first = screen.tree.all("tbody")[0].all("tr")[0]
    assert told in first.text
    assert FOCAL_POINT in first.text
    # No code of the program, in either language.
    assert "focal_point" not in screen.text
    assert "in_progress" not in screen.text
    narrowed = open_screen(own_url, "journal", lang=lang, action="user.disabled")
    assert {told in row.text for row in narrowed.tree.all("tbody")[0].all("tr")} == {True}
    nothing = open_screen(own_url, "journal", lang=lang, qui="Personne de ce nom")
    assert nothing.exceptions == []
    assert not nothing.tree.all("table")


def test_a_person_is_added_and_the_link_is_shown_once(page: Screen, own_store: Store) -> None:
    page.at.text_input(key="add-name").input("Point focal Diffa 2")
    page.at.multiselect(key="add-entities").set_value(["NE002"])
    shown = _press(page, "Ajouter et préparer le lien")
    assert "Point focal Diffa 2" in shown.text
    assert "/lien/" in shown.text
    assert _person(own_store, "Point focal Diffa 2").entities == ("NE002",)
    shown.at.run()
    again = Screen(shown.at)
    assert "/lien/" not in again.text
    # The next person starts from an empty field.
    assert not shown.at.text_input(key="add-name").value
    assert not shown.at.multiselect(key="add-entities").value


def test_what_was_typed_stays_where_it_is_refused(page: Screen, own_store: Store) -> None:
    page.at.text_input(key="add-name").input("Point focal sans acteur")
    shown = _press(page, "Ajouter et préparer le lien")
    assert "Acteurs : un point focal répond pour un acteur au moins" in shown.text
    assert shown.at.text_input(key="add-name").value == "Point focal sans acteur"
    shown = _choose(shown, FOCAL_POINT)
    shown.at.text_input(key=f"contact-email-{FOCAL_POINT}").input("pas une adresse")
    shown.at.text_input(key=f"contact-phone-{FOCAL_POINT}").input("+227 90 00 00 00")
    shown = _press(shown, "Enregistrer les coordonnées")
    assert "Adresse électronique : ce n'est pas une adresse" in shown.text
    assert shown.at.text_input(key=f"contact-email-{FOCAL_POINT}").value == "pas une adresse"
    assert _person(own_store, FOCAL_POINT).phone != "+227 90 00 00 00"
    shown.at.text_input(key=f"contact-email-{FOCAL_POINT}").input("tillaberi@exemple.ne")
    _press(shown, "Enregistrer les coordonnées")
    found = _person(own_store, FOCAL_POINT)
    assert (found.email, found.phone) == ("tillaberi@exemple.ne", "+227 90 00 00 00")


def test_role_and_scope_change_then_the_person_leaves_and_comes_back(page: Screen, own_store: Store) -> None:
    shown = _choose(page, FOCAL_POINT)
    shown.at.multiselect(key=f"entities-{FOCAL_POINT}").set_value(["NE001", "NE002"])
    shown = _press(shown, "Changer le rôle et les acteurs")
    assert _person(own_store, FOCAL_POINT).entities == ("NE001", "NE002")
    shown = _press(shown, "Désactiver")
    assert not _person(own_store, FOCAL_POINT).active
    shown = _press(shown, "Réactiver")
    assert _person(own_store, FOCAL_POINT).active
    shown = _choose(shown, ADMINISTRATOR)
    _press(shown, "Désactiver")


def test_after_ten_minutes_the_password_is_asked_for_and_nothing_is_lost(
    page: Screen, own_store: Store
) -> None:
    with own_store.write("test") as transaction:
        old = utc_now() - dt.timedelta(minutes=11)
        transaction.connection.execute(update(SignIn).values(confirmed_at=old))
    page.at.text_input(key="add-name").input("Ministre 2")
    page.at.selectbox(key="add-role").select(UserRole.MINISTER)
    shown = _press(page, "Ajouter et préparer le lien")
    assert "Confirmez votre mot de passe" in shown.text
    ways = [href for href in shown.links if href.startswith("/compte") and "confirmer" in href]
    assert ways
    assert all("next=" in href for href in ways)
    assert shown.at.text_input(key="add-name").value == "Ministre 2"
    with own_store.write("test") as transaction:
        transaction.connection.execute(update(SignIn).values(confirmed_at=utc_now()))
    shown = _press(shown, "Ajouter et préparer le lien")
    assert "/lien/" in shown.text
    assert _person(own_store, "Ministre 2").role == "minister"


def test_entities_are_spelled_renamed_and_followed(page: Screen, own_store: Store) -> None:
    at = page.at
    shown = _press(page, "Ajouter")
    assert "Acteur : choisissez un acteur" in shown.text
    at.selectbox(key="alias-entity").select("MJ")
    at.text_input(key="alias-text").input("Min. Justice (ancien)")
    _press(page, "Ajouter")
    at.selectbox(key="rename-entity").select("MJ")
    at.text_input(key="rename-short").input("MJDH")
    at.text_input(key="rename-day").set_value("30/06/2024")
    shown = _press(page, "Renommer")
    assert "Nouveau nom : un nom de 300 caractères au plus" in shown.text
    assert at.text_input(key="rename-short").value == "MJDH"
    at.text_input(key="rename-name").input("Ministère de la Justice et des Droits de l’Homme")
    shown = _press(page, "Renommer")
    assert "Ministère de la Justice et des Droits de l’Homme" in shown.text
    row = _row(shown, "MJ")
    assert "Min. Justice (ancien)" in row
    assert "MJDH · Ministère de la Justice et des Droits de l’Homme : depuis le 30/06/2024" in row
    assert "jusqu’au 29/06/2024" in row
    at.selectbox(key="succession-before").select("MJ").run()
    at.selectbox(key="succession-after").select("MAEC")
    at.text_input(key="succession-day").set_value("30/06/2024")
    only = at.multiselect(key="succession-only-MJ")
    taken = "CCM7-" + str(only.options[0]).partition("CCM7-")[2].split(" ")[0]
    only.set_value([taken])
    shown = _press(page, "Enregistrer")
    assert "Succession enregistrée" in shown.text
    assert "MAEC (1 engagement, depuis le 30/06/2024)" in _row(shown, "MJ")
    with own_store.read() as connection:
        aliases = connection.execute(select(EntityAlias.alias)).scalars().all()
        passed = connection.execute(
            select(Entity.key, Succession.assignment_id)
            .join(Entity, Entity.id == Succession.predecessor_id)
            .order_by(Succession.id.desc())
        ).first()
    assert "Min. Justice (ancien)" in aliases
    assert passed
    assert passed.key == "MJ"
    assert passed.assignment_id is not None


def test_a_day_that_is_none_is_told_and_each_mistake_on_a_line_of_its_own(page: Screen) -> None:
    at = page.at
    at.selectbox(key="rename-entity").select("MJ")
    for wrong, told in (("31/02/2024", "« 31/02/2024 » n'est pas une date"), (" ", "donnez ce jour")):
        at.text_input(key="rename-day").set_value(wrong)
        assert f"À compter du : {told}" in _press(Screen(at), "Renommer").text
        assert at.text_input(key="rename-day").value == wrong
    at.text_input(key="rename-day").set_value("2024-06-30")
    (told,) = _press(Screen(at), "Renommer").tree.all("div", cls="ccm-told")
    assert [line.text.partition(" : ")[0] for line in told.all("p")] == ["Nouveau sigle", "Nouveau nom"]


def test_an_entity_is_added_then_a_succession_and_a_spelling_are_undone(
    page: Screen, own_store: Store
) -> None:
    at = page.at
    at.text_input(key="new-key").input("M X")
    at.text_input(key="new-short").input("MX")
    at.text_input(key="new-name").input("Ministère nouveau")
    # In a demonstration, its own day.
    assert at.text_input(key="new-day").value == "30/06/2024"
    at.selectbox(key="new-parent").select("MJ")
    shown = _press(page, "Ajouter l’acteur")
    assert "Code : un code en capitales, par exemple MAT-DC" in shown.text
    assert at.text_input(key="new-name").value == "Ministère nouveau"
    at.text_input(key="new-key").input("MX")
    shown = _press(page, "Ajouter l’acteur")
    assert "Acteur ajouté" in shown.text
    assert "sous tutelle de MJ" in shown.text
    at.selectbox(key="succession-before").select("MJ").run()
    at.selectbox(key="succession-after").select("MX")
    shown = _press(shown, "Enregistrer")
    title = next(one for one in at.selectbox(key="succession-off").options if one.startswith("MJ → MX"))
    at.selectbox(key="succession-off").select(title).run()
    shown = _press(Screen(at), "Annuler la succession")
    assert "Succession annulée" in shown.text
    at.selectbox(key="alias-entity").select("MX")
    at.text_input(key="alias-text").input("Région de Diffa")
    shown = _press(shown, "Ajouter")
    assert "« Région de Diffa » désigne déjà NE002." in shown.text
    at.text_input(key="alias-text").input("Le nouveau")
    shown = _press(shown, "Ajouter")
    at.selectbox(key="alias-off").select("Le nouveau")
    shown = _press(shown, "Retirer l’orthographe")
    assert "Orthographe retirée" in shown.text
    with own_store.read() as connection:
        told = connection.execute(
            select(AuditEvent.action).order_by(AuditEvent.seq.desc()).limit(6)
        ).scalars()
        assert list(told) == [
            "entity.alias_removed",
            "entity.alias_added",
            "entity.succession_withdrawn",
            "user.changed",
            "entity.succeeded",
            "entity.added",
        ]


def test_a_period_with_wrong_days_is_mended(page: Screen, own_store: Store) -> None:
    at = page.at
    with own_store.read() as connection:
        key, due = connection.execute(select(ReportingPeriod.key, ReportingPeriod.due_on)).first() or ("", "")
    at.selectbox(key="period-mended").select(key).run()
    at.text_input(key=f"period-label-{key}").input(" ")
    shown = _press(Screen(at), "Corriger la période")
    assert _mend(shown) == ["Un nom de 120 caractères au plus."]
    at.text_input(key=f"period-label-{key}").input("Nom corrigé")
    at.text_input(key=f"period-due_on-{key}").set_value(f"{due + dt.timedelta(days=1):%d/%m/%Y}")
    shown = _press(shown, "Corriger la période")
    assert "Période corrigée" in shown.text
    with own_store.read() as connection:
        mended = select(ReportingPeriod.label, ReportingPeriod.due_on).where(ReportingPeriod.key == key)
        kept = connection.execute(mended).one()
    assert tuple(kept) == ("Nom corrigé", due + dt.timedelta(days=1))


def _row(screen: Screen, head: str) -> str:
    """What the row of this head says, on one line."""
    rows = (row for body in screen.tree.all("tbody") for row in body.all("tr"))
    found = next(row.text for row in rows if row.all("th") and row.all("th")[0].text.strip() == head)
    return " ".join(found.split())


def test_a_row_says_all_of_a_person(
    own_url: str, own_store: Store, open_screen: OpenScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_store.write("test") as transaction:
        whose = select(User.id).where(User.name == FOCAL_POINT).scalar_subquery()
        row = {
            "user_id": whose,
            "password_hash": "-",
            "changed_at": utc_now(),
            "totp_confirmed_at": utc_now(),
        }
        transaction.connection.execute(insert(Credential).values(row))
    submit(
        own_store,
        CONSOLE,
        SetContact(FOCAL_POINT, "Awa M.", "Cheffe de service", "awa@exemple.ne", "90000000"),
    )
    submit(
        own_store,
        CONSOLE,
        ChangePerson(FOCAL_POINT, "focal_point", ("NE001", "MJ"), _person(own_store, FOCAL_POINT).version),
    )
    submit(own_store, CONSOLE, DisablePerson(FOCAL_POINT))
    sign_in(monkeypatch, own_url, ADMINISTRATOR)
    row = _row(open_screen(own_url, "administration"), FOCAL_POINT)
    for said in (
        "Point focal",
        "Agadez, MJ",
        "Awa M. · Cheffe de service · awa@exemple.ne · 90000000",
    ):
        assert said in row
    assert "désactivée · second facteur" in row


def test_periods_and_settings(page: Screen, own_store: Store) -> None:
    at = page.at
    at.text_input(key="period-key").input("2031 T1")
    at.text_input(key="period-label").input("1er trimestre 2031")
    for name, day in (("starts_on", "01/01/2031"), ("ends_on", "31/03/2031"), ("due_on", "2031-03-01")):
        _new_day(at, name).set_value(day)
    shown = _press(page, "Ouvrir la période")
    assert "Rien n’a été changé : voyez ce qui est à reprendre." in shown.text
    assert _mend(shown) == [
        "Un code court sans espace, par exemple 2024-T2.",
        "Les jours se suivent : début, fin, puis dernier jour pour répondre.",
    ]
    assert at.text_input(key="period-label").value == "1er trimestre 2031"
    at.text_input(key="period-key").input("2031-T1")
    _new_day(at, "due_on").set_value("15/04/2031")
    _press(page, "Ouvrir la période")
    at.text_input(key="setting-reporting_period_days").input("deux")
    shown = _change(page, "reporting_period_days")
    assert "valeurs acceptées : 7 – 366" in shown.text
    assert at.text_input(key="setting-reporting_period_days").value == "deux"
    at.text_input(key="setting-reporting_period_days").input("120")
    _change(page, "reporting_period_days")
    with own_store.read() as connection:
        keys = connection.execute(select(ReportingPeriod.key)).scalars().all()
        days = connection.execute(
            select(Setting.value).where(Setting.key == "reporting_period_days")
        ).scalar()
    assert "2031-T1" in keys
    assert days == "120"


def _mend(screen: Screen) -> list[str]:
    """What is said under fields."""
    return [node.text for node in screen.tree.all("p", cls="ccm-mend")]


def _new_day(at: Any, name: str) -> Any:
    """The field of one day of a new period, whose key ends on the period before it."""
    return next(field for field in at.text_input if field.key.startswith(f"period-{name}-"))


def _change(screen: Screen, setting: str) -> Screen:
    button = next(one for one in screen.at.button if setting in (one.form_id or ""))
    button.click().run()
    again = Screen(screen.at)
    assert again.exceptions == []
    return again
