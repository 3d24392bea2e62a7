"""The room of people: who they are, what they may do, how they are reached, and the link to their account."""

from functools import partial
from typing import Any

import streamlit as st

from ccm.auth.confirmation import is_recent
from ccm.auth.roles import prose
from ccm.commands import AddUser, Command
from ccm.commands.one_time_links import IssueLink
from ccm.commands.own_account import RemoveSecondFactor
from ccm.commands.people_changes import ChangePerson, DisablePerson, EnablePerson, SetContact
from ccm.domain.labels import label
from ccm.domain.vocabulary import UserRole
from ccm.queries.administration import EntityNamesQuery
from ccm.queries.own_account import OwnAccountQuery
from ccm.queries.people import PeopleQuery, Person
from ccm.ui import state
from ccm.ui.acting import Form, button, carry_out, form_button
from ccm.ui.context import Page

_LINK = "admin-link"


def show_people(page: Page) -> None:
    """Everybody, and the gestures on one of them."""
    known = page.ask_private(PeopleQuery())
    confirmed = page.ask_private(OwnAccountQuery()).confirmed_at
    page.show(
        "people_head.html",
        people=known,
        link=state.held(_LINK),
        confirm=None if confirmed and is_recent(confirmed) else page.confirm,
    )
    state.forget(_LINK)
    entities = page.ask_private(EntityNamesQuery(page.facts.today))
    names = {entity.key: entity.label for entity in entities}
    with st.expander(page._("Ajouter une personne")):
        _add(page, names)
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
            _change(page, person, names)
    page.show("people.html", people=known, names={entity.key: entity.short_name for entity in entities})
    with st.expander(page._("Ce que peut chaque rôle")):
        page.show("roles.html", roles=[(role, prose(role, page.translator)) for role in UserRole])


def _add(page: Page, names: dict[str, str]) -> None:
    fields = _fields(page)
    with st.form("admin-add", border=False):
        st.text_input(
            page._("Identifiant : un nom de fonction, il reste au journal"), key="add-name", max_chars=120
        )
        _role(page, "add-role", UserRole.FOCAL_POINT)
        _scope(page, "add-entities", names, ())
        form_button(
            page,
            page._("Ajouter et préparer le lien"),
            lambda: AddUser(_text("add-name"), str(state.held("add-role")), _listed("add-entities")),
            page._("Personne ajoutée."),
            Form(fields, ("add-entities",), primary=True),
            then=lambda: _added(page),
        )


def _added(page: Page) -> None:
    name = _text("add-name").strip()
    state.empty("add-name")
    _issue(page, name)


def _change(page: Page, person: Person, names: dict[str, str]) -> None:
    role, scope = f"role-{person.name}", f"entities-{person.name}"
    with st.form(f"admin-change-{person.name}", border=False):
        _role(page, role, person.role)
        _scope(page, scope, names, person.entities)
        form_button(
            page,
            page._("Changer le rôle et les acteurs"),
            lambda: ChangePerson(person.name, str(state.held(role)), _listed(scope), person.version),
            page._("Changé : cela vaut dès le prochain geste de la personne."),
            Form(_fields(page)),
        )
    _contact(page, person)
    with st.container(horizontal=True):
        if person.active:
            # Without the key of a gesture: what is answered to one is kept, and a link's secret is not.
            prepare, key = page._("Préparer un lien"), f"admin-link-{person.name}"
            st.button(prepare, key=key, on_click=_issue, args=(page, person.name))
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


def _contact(page: Page, person: Person) -> None:
    """How a person is reached."""
    fields = {
        "full_name": page._("Nom"),
        "function": page._("Fonction"),
        "email": page._("Adresse électronique"),
        "phone": page._("Téléphone"),
    }
    # As it was when these fields were drawn: they hold what is typed, whatever becomes of it meanwhile.
    seen = f"contact-seen-{person.name}"
    state.kept(seen, lambda: {name: getattr(person, name) for name in fields})
    with st.form(f"admin-contact-{person.name}", border=False):
        for name, title in fields.items():
            st.text_input(title, getattr(person, name), max_chars=200, key=f"contact-{name}-{person.name}")
        form_button(
            page,
            page._("Enregistrer les coordonnées"),
            lambda: SetContact(
                person.name,
                **{name: _text(f"contact-{name}-{person.name}") for name in fields},
                seen=state.take(seen),
            ),
            page._("Coordonnées enregistrées."),
            Form(fields),
        )


def _issue(page: Page, name: str) -> None:
    """Prepare a one-time link, shown once."""
    done = page._("Lien prêt pour « %(name)s » : remettez-le vous-même, il n’est pas gardé.")
    token = carry_out(page, partial(IssueLink, name), done % {"name": name})
    if token:
        state.hold(_LINK, f"{page.origin}/lien/{token}")


def _fields(page: Page) -> dict[str, str]:
    return {"name": page._("Identifiant"), "role": page._("Rôle"), "entity": page._("Acteurs")}


def _role(page: Page, key: str, present: UserRole) -> None:
    roles = list(UserRole)
    st.selectbox(
        page._("Rôle"),
        roles,
        index=roles.index(present),
        format_func=lambda role: label(role, page.translator),
        placeholder=page._("Choisir"),
        key=key,
    )


def _scope(page: Page, key: str, names: dict[str, str], present: tuple[str, ...]) -> None:
    st.multiselect(
        page._("Acteurs pour lesquels répond un point focal"),
        list(names),
        # None: what is emptied by us has no default.
        default=[name for name in present if name in names] or None,
        format_func=lambda code: names.get(code, code),
        placeholder=page._("Aucun"),
        key=key,
        # « Select all » stands in English alone.
        select_all=False,
    )


def _text(key: str) -> str:
    return str(state.held(key) or "")


def _listed(key: str) -> tuple[str, ...]:
    return tuple(str(one) for one in state.held(key) or ())


def _gesture(page: Page, title: str, command: Command[Any], done: str) -> None:
    button(page, title, f"admin-{type(command).__name__}-{command}", lambda: command, done)
