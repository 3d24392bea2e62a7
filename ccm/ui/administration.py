"""Administration: people, entities, reporting periods, settings; one gesture a form."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import streamlit as st

from ccm.auth import Action, require
from ccm.auth.roles import prose
from ccm.commands import AddUser, Command
from ccm.commands.entities import AddAlias, RecordSuccession, RenameEntity
from ccm.commands.one_time_links import IssueLink
from ccm.commands.own_account import RemoveSecondFactor
from ccm.commands.people_changes import ChangePerson, DisablePerson, EnablePerson, SetContact
from ccm.commands.periods import SETTINGS, ChangeSetting, OpenPeriod
from ccm.domain.labels import label
from ccm.domain.vocabulary import UserRole
from ccm.i18n import N_
from ccm.queries.administration import EntityNamesQuery, SettingsQuery
from ccm.queries.people import PeopleQuery, Person
from ccm.queries.reporting_periods import Period
from ccm.ui import state
from ccm.ui.acting import carry_out, told
from ccm.ui.context import Page

_SETTING_WORDS = {
    "public_reading": N_("Lecture publique sans compte"),
    "second_factor_for_administrators": N_("Second facteur des administrateurs"),
    "reporting_period_days": N_("Fraîcheur d’un point, en jours"),
    "on": N_("Oui"),
    "off": N_("Non"),
    "optional": N_("Facultatif"),
    "required": N_("Obligatoire"),
}


def show_administration(page: Page) -> None:
    """Draw the four rooms of administration."""
    require(page.actor, Action.MANAGE_USERS)
    people, entities, periods, settings = st.tabs(
        [page._("Personnes"), page._("Acteurs"), page._("Périodes"), page._("Réglages")]
    )
    told(page)
    with people:
        _people(page)
    with entities:
        _entities(page)
    with periods:
        _periods(page)
    with settings:
        _settings(page)


def _people(page: Page) -> None:
    known = page.ask_private(PeopleQuery())
    link = state.held(_LINK)
    page.show(
        "people.html",
        people=known,
        link=link,
        roles=[(role, prose(role, page.translator)) for role in UserRole],
    )
    state.forget(_LINK)
    names = {entity.key: entity.label for entity in page.ask_private(EntityNamesQuery(page.as_of))}
    with st.expander(page._("Ajouter une personne")):
        _add_person(page, names)
    with st.expander(page._("Changer une personne")):
        chosen = st.selectbox(
            page._("Personne"),
            [person.name for person in known],
            index=None,
            placeholder=page._("Choisir"),
            key="admin-person",
        )
        person = next((one for one in known if one.name == chosen), None)
        if person:
            _change_person(page, person, names)


_LINK = "admin-link"


def _add_person(page: Page, names: dict[str, str]) -> None:
    with st.form("admin-add", clear_on_submit=False, border=False):
        name = st.text_input(
            page._("Identifiant : un nom de fonction, il reste au journal"),
            key="admin-add-name",
            max_chars=120,
        )
        role = _role(page, "admin-add-role", UserRole.FOCAL_POINT)
        entities = _scope(page, "admin-add-entities", names, ())
        if st.form_submit_button(page._("Ajouter et préparer le lien"), type="primary"):
            if carry_out(page, AddUser(name, role, tuple(entities)), page._("Personne ajoutée.")):
                _issue(page, name.strip())
            st.rerun()


def _change_person(page: Page, person: Person, names: dict[str, str]) -> None:
    with st.form(f"admin-change-{person.name}", border=False):
        role = _role(page, f"admin-role-{person.name}", person.role)
        entities = _scope(page, f"admin-entities-{person.name}", names, person.entities)
        if st.form_submit_button(page._("Changer le rôle et les acteurs")):
            command = ChangePerson(person.name, role, tuple(entities), person.version)
            carry_out(page, command, page._("Changé : cela vaut dès le prochain geste de la personne."))
            st.rerun()
    with st.form(f"admin-contact-{person.name}", border=False):
        fields = {
            "full_name": st.text_input(page._("Nom"), person.full_name, max_chars=200),
            "function": st.text_input(page._("Fonction"), person.function, max_chars=200),
            "email": st.text_input(page._("Adresse électronique"), person.email, max_chars=200),
            "phone": st.text_input(page._("Téléphone"), person.phone, max_chars=20),
        }
        if st.form_submit_button(page._("Enregistrer les coordonnées")):
            carry_out(page, SetContact(person.name, **fields), page._("Coordonnées enregistrées."))
            st.rerun()
    with st.container(horizontal=True):
        if person.active:
            _press(page._("Préparer un lien"), f"link-{person.name}", lambda: _issue(page, person.name))
            _gesture(
                page, page._("Désactiver"), DisablePerson(person.name), page._("Désactivée, à l’instant.")
            )
        else:
            _gesture(page, page._("Réactiver"), EnablePerson(person.name), page._("Réactivée."))
        if person.second_factor:
            _gesture(
                page,
                page._("Retirer le second facteur"),
                RemoveSecondFactor(person.name),
                page._("Second facteur retiré."),
            )


def _issue(page: Page, name: str) -> None:
    """Prepare a one-time link, shown once."""
    token = carry_out(page, IssueLink(name), page._("Lien prêt : remettez-le vous-même, il n’est pas gardé."))
    if token:
        state.hold(_LINK, f"{page.origin}/lien/{token}")


def _role(page: Page, key: str, present: UserRole) -> str:
    roles = list(UserRole)
    chosen = st.selectbox(
        page._("Rôle"),
        roles,
        index=roles.index(present),
        format_func=lambda role: label(role, page.translator),
        key=key,
    )
    return str(chosen)


def _scope(page: Page, key: str, names: dict[str, str], present: tuple[str, ...]) -> list[str]:
    return list(
        st.multiselect(
            page._("Acteurs pour lesquels répond un point focal"),
            list(names),
            default=[name for name in present if name in names],
            format_func=lambda code: names.get(code, code),
            placeholder=page._("Aucun"),
            key=key,
        )
    )


def _entities(page: Page) -> None:
    known = page.ask_private(EntityNamesQuery(page.as_of))
    page.show("entities_admin.html", entities=known)
    keys, names = [entity.key for entity in known], {entity.key: entity.label for entity in known}
    with st.expander(page._("Ajouter une orthographe")), st.form("admin-alias", border=False):
        entity = _entity(page, page._("Acteur"), "admin-alias-entity", keys, names)
        alias = st.text_input(page._("Orthographe rencontrée dans un fichier"), max_chars=300)
        if st.form_submit_button(page._("Ajouter")):
            carry_out(page, AddAlias(entity, alias), page._("Orthographe ajoutée."))
            st.rerun()
    with st.expander(page._("Renommer un acteur")), st.form("admin-rename", border=False):
        entity = _entity(page, page._("Acteur"), "admin-rename-entity", keys, names)
        short = st.text_input(page._("Nouveau sigle"), max_chars=64)
        name = st.text_input(page._("Nouveau nom"), max_chars=300)
        day = _day(page, page._("À compter du"), "admin-rename-day")
        if st.form_submit_button(page._("Renommer")):
            carry_out(page, RenameEntity(entity, short, name, day), page._("Acteur renommé."))
            st.rerun()
    with st.expander(page._("Enregistrer une succession")), st.form("admin-succession", border=False):
        before = _entity(page, page._("Acteur qui cesse"), "admin-before", keys, names)
        after = _entity(page, page._("Acteur qui le suit"), "admin-after", keys, names)
        day = _day(page, page._("À compter du"), "admin-succession-day")
        only = st.text_area(
            page._("Scission : les engagements qui passent, un par ligne (vide : tous)"), max_chars=10_000
        )
        if st.form_submit_button(page._("Enregistrer")):
            command = RecordSuccession(before, after, day, tuple(only.split()))
            carry_out(page, command, page._("Succession enregistrée : les chiffres la suivent."))
            st.rerun()


def _periods(page: Page) -> None:
    known: tuple[Period, ...] = page.ask_private(SettingsQuery()).periods
    page.show("periods.html", periods=known)
    with st.form("admin-period", border=False):
        key = st.text_input(page._("Code"), placeholder="2026-T4", max_chars=64)
        name = st.text_input(page._("Nom"), placeholder=page._("4e trimestre 2026"), max_chars=120)
        start = _day(page, page._("Du"), "admin-period-start")
        end = _day(page, page._("Au"), "admin-period-end")
        due = _day(page, page._("Dernier jour pour répondre"), "admin-period-due")
        if st.form_submit_button(page._("Ouvrir la période"), type="primary"):
            carry_out(page, OpenPeriod(key, name, start, end, due), page._("Période ouverte."))
            st.rerun()


def _settings(page: Page) -> None:
    values = page.ask_private(SettingsQuery()).values
    for key, accepted in SETTINGS.items():
        with (
            st.form(f"admin-setting-{key}", border=False),
            st.container(horizontal=True, vertical_alignment="bottom"),
        ):
            if isinstance(accepted, range):
                value = st.text_input(page._(_SETTING_WORDS[key]), values[key], max_chars=4)
            else:
                value = st.selectbox(
                    page._(_SETTING_WORDS[key]),
                    accepted,
                    index=accepted.index(values[key]),
                    format_func=lambda code: page._(_SETTING_WORDS[code]),
                )
            if st.form_submit_button(page._("Changer")):
                carry_out(page, ChangeSetting(key, str(value)), page._("Réglage changé."))
                st.rerun()


def _entity(page: Page, title: str, key: str, keys: list[str], names: dict[str, str]) -> str:
    chosen = st.selectbox(
        title,
        keys,
        index=None,
        format_func=lambda code: names.get(code, code),
        placeholder=page._("Choisir"),
        key=key,
    )
    return str(chosen or "")


def _day(page: Page, title: str, key: str) -> dt.date:
    value = st.date_input(title, page.facts.today, format="DD/MM/YYYY", key=key)
    return value if isinstance(value, dt.date) else page.facts.today


def _gesture(page: Page, title: str, command: Command[Any], done: str) -> None:
    _press(title, f"{type(command).__name__}-{command}", lambda: carry_out(page, command, done))


def _press(title: str, key: str, do: Callable[[], Any]) -> None:
    st.button(title, key=f"admin-{key}", on_click=do)
