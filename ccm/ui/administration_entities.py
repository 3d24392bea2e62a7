"""The room of entities: other spellings, new names, successors."""

import datetime as dt
from collections.abc import Mapping

import streamlit as st

from ccm.commands.entities import AddAlias, RecordSuccession, RenameEntity
from ccm.queries.administration import EngagementsQuery, EntityNamesQuery
from ccm.ui import state
from ccm.ui.acting import Form, form_button
from ccm.ui.context import Page

_LONGEST_LABEL = 90


def show_entities(page: Page) -> None:
    """Every entity, and what may happen to one."""
    known = page.ask_private(EntityNamesQuery(page.facts.today))
    names = {entity.key: entity.label for entity in known}
    page.show("entities_admin.html", entities=known)
    with st.expander(page._("Ajouter une orthographe")), st.form("admin-alias", border=False):
        _alias(page, names)
    with st.expander(page._("Renommer un acteur")), st.form("admin-rename", border=False):
        _rename(page, names, {entity.key: entity.names for entity in known})
    with st.expander(page._("Enregistrer une succession")):
        _succession(page, names)


def _alias(page: Page, names: Mapping[str, str]) -> None:
    fields = {"entity": page._("Acteur"), "alias": page._("Orthographe rencontrée dans un fichier")}
    _entity(page, fields["entity"], "alias-entity", names)
    st.text_input(fields["alias"], max_chars=300, key="alias-text")
    form_button(
        page,
        page._("Ajouter"),
        lambda: AddAlias(_text("alias-entity"), _text("alias-text")),
        page._("Orthographe ajoutée."),
        Form(fields, ("alias-text",)),
    )


def _rename(page: Page, names: Mapping[str, str], recorded: Mapping[str, int]) -> None:
    fields = {
        "entity": page._("Acteur"),
        "short_name": page._("Nouveau sigle"),
        "name": page._("Nouveau nom"),
        "effective_on": page._("À compter du"),
    }
    _entity(page, fields["entity"], "rename-entity", names)
    st.text_input(fields["short_name"], max_chars=64, key="rename-short")
    st.text_input(fields["name"], max_chars=300, key="rename-name")
    st.date_input(fields["effective_on"], page.facts.today, format="DD/MM/YYYY", key="rename-day")
    form_button(
        page,
        page._("Renommer"),
        lambda: RenameEntity(
            _text("rename-entity"),
            _text("rename-short"),
            _text("rename-name"),
            _day(page, "rename-day"),
            recorded.get(_text("rename-entity")),
        ),
        page._("Acteur renommé."),
        Form(fields, ("rename-short", "rename-name")),
    )


def _succession(page: Page, names: Mapping[str, str]) -> None:
    """Who follows whom; what passes is asked once it is known whose it is."""
    fields = {
        "predecessor": page._("Acteur qui cesse"),
        "successor": page._("Acteur qui le suit"),
        "effective_on": page._("À compter du"),
        "assignments": page._("Seulement ces engagements (scission) ; aucun choisi : tous passent"),
    }
    _entity(page, fields["predecessor"], "succession-before", names)
    before = _text("succession-before")
    if not before:
        return
    engagements: tuple[tuple[str, str], ...] = page.ask_private(EngagementsQuery(before))
    texts = dict(engagements)
    with st.form("admin-succession", border=False):
        _entity(page, fields["successor"], "succession-after", names)
        st.date_input(fields["effective_on"], page.facts.today, format="DD/MM/YYYY", key="succession-day")
        st.multiselect(
            fields["assignments"],
            list(texts),
            format_func=lambda key: f"{key} · {_short(texts.get(key, ''))}",
            placeholder=page._("Tous"),
            key=f"succession-only-{before}",
        )
        form_button(
            page,
            page._("Enregistrer"),
            lambda: RecordSuccession(
                before,
                _text("succession-after"),
                _day(page, "succession-day"),
                tuple(state.held(f"succession-only-{before}") or ()),
            ),
            page._("Succession enregistrée : les chiffres la suivent."),
            Form(fields, ("succession-after", f"succession-only-{before}")),
        )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"


def _entity(page: Page, title: str, key: str, names: Mapping[str, str]) -> None:
    st.selectbox(
        title,
        list(names),
        index=None,
        format_func=lambda code: names.get(code, code),
        placeholder=page._("Choisir"),
        key=key,
    )


def _text(key: str) -> str:
    return str(state.held(key) or "")


def _day(page: Page, key: str) -> dt.date:
    value = state.held(key)
    return value if isinstance(value, dt.date) else page.facts.today
