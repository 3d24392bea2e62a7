"""The room of entities: new ones, other spellings, new names, successors."""

import datetime as dt
from collections.abc import Mapping

import streamlit as st

from ccm.commands.entities import ADDED_KINDS, AddAlias, AddEntity, RemoveAlias, RenameEntity
from ccm.commands.successions import RecordSuccession, WithdrawSuccession
from ccm.domain.labels import label
from ccm.i18n import numbers
from ccm.queries.administration import EngagementsQuery, EntityNames, EntityNamesQuery, Succeeded
from ccm.queries.people import PeopleQuery
from ccm.render.sentences import succession as say
from ccm.ui import state
from ccm.ui.acting import Form, form_button
from ccm.ui.context import Page
from ccm.ui.fields import day_field, typed_days
from ccm.ui.plain import plain_label

_LONGEST_LABEL = 90


def show_entities(page: Page) -> None:
    """Every entity, and what may happen to one."""
    known = page.ask_private(EntityNamesQuery(page.facts.today))
    names = {entity.key: entity.label for entity in known}
    page.show("entities_admin.html", entities=known)
    with st.expander(page._("Ajouter un acteur")), st.form("admin-entity", border=False):
        _add(page, names)
    with st.expander(page._("Ajouter une orthographe")), st.form("admin-alias", border=False):
        _alias(page, names)
    if spelled := {alias: entity.key for entity in known for alias in entity.added}:
        with st.expander(page._("Retirer une orthographe")), st.form("admin-alias-off", border=False):
            _remove_alias(page, spelled)
    with st.expander(page._("Renommer un acteur")), st.form("admin-rename", border=False):
        _rename(page, names, {entity.key: entity.names for entity in known})
    with st.expander(page._("Enregistrer une succession")):
        _succession(page, names)
    if standing := _standing(page, known):
        with st.expander(page._("Annuler une succession")):
            _withdrawal(page, standing)


def _add(page: Page, names: Mapping[str, str]) -> None:
    fields = {
        "key": page._("Code"),
        "kind": page._("Genre"),
        "short_name": page._("Sigle"),
        "name": page._("Nom"),
        "valid_from": page._("À compter du"),
        "parent": page._("Tutelle, s’il y en a une"),
    }
    st.text_input(fields["key"], placeholder="MAT-DC", max_chars=64, key="new-key")
    st.selectbox(
        fields["kind"],
        ADDED_KINDS,
        format_func=lambda kind: label(kind, page.translator),
        placeholder=page._("Choisir"),
        key="new-kind",
    )
    st.text_input(fields["short_name"], max_chars=64, key="new-short")
    st.text_input(fields["name"], max_chars=300, key="new-name")
    day_field(page, fields["valid_from"], page.facts.default_date, "new-day")
    _entity(page, fields["parent"], "new-parent", names)
    form_button(
        page,
        page._("Ajouter l’acteur"),
        lambda: AddEntity(
            _text("new-key"),
            _text("new-kind"),
            _text("new-short"),
            _text("new-name"),
            _day("valid_from", "new-day"),
            _text("new-parent"),
        ),
        page._("Acteur ajouté : il peut être nommé et succéder à d’autres."),
        Form(fields, ("new-key", "new-short", "new-name", "new-parent")),
    )


def _remove_alias(page: Page, spelled: Mapping[str, str]) -> None:
    fields = {"alias": page._("Orthographe ajoutée par le Secrétariat")}
    st.selectbox(
        fields["alias"],
        list(spelled),
        index=None,
        format_func=lambda alias: f"{alias} ({spelled.get(alias, '')})",
        placeholder=page._("Choisir"),
        key="alias-off",
    )
    form_button(
        page,
        page._("Retirer l’orthographe"),
        lambda: RemoveAlias(_text("alias-off")),
        page._("Orthographe retirée."),
        Form(fields, ("alias-off",)),
    )


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
    day_field(page, fields["effective_on"], page.facts.default_date, "rename-day")
    form_button(
        page,
        page._("Renommer"),
        lambda: RenameEntity(
            _text("rename-entity"),
            _text("rename-short"),
            _text("rename-name"),
            _day("effective_on", "rename-day"),
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
    texts, people = dict(engagements), f"succession-people-{before}"
    with st.form("admin-succession", border=False):
        _entity(page, fields["successor"], "succession-after", names)
        day_field(page, fields["effective_on"], page.facts.default_date, "succession-day")
        st.multiselect(
            fields["assignments"],
            list(texts),
            format_func=lambda key: f"{key} · {_short(texts.get(key, ''))}",
            placeholder=page._("Tous"),
            key=f"succession-only-{before}",
            # « Select all » stands in English alone.
            select_all=False,
        )
        if theirs := [one.name for one in page.ask_private(PeopleQuery()) if one.answers_for(before)]:
            st.checkbox(plain_label(say.who_follows(theirs, before, page.locale)), value=True, key=people)
        form_button(
            page,
            page._("Enregistrer"),
            lambda: RecordSuccession(
                before,
                _text("succession-after"),
                _day("effective_on", "succession-day"),
                tuple(state.held(f"succession-only-{before}") or ()),
                state.held(people) is not False,
            ),
            lambda told: say.recorded(
                told["follow"], told["answering"], _text("succession-after"), page.locale
            ),
            Form(fields, ("succession-after", f"succession-only-{before}")),
        )


def _standing(page: Page, known: tuple[EntityNames, ...]) -> dict[str, tuple[str, Succeeded]]:
    """Every succession that nothing ends, by how a list names it."""
    found = {}
    for entity in known:
        for one in entity.successors:
            if one.until is None:
                day, n = numbers.day(one.since, page.locale), one.engagements
                part = page.translator.ngettext("%(n)s engagement", "%(n)s engagements", n) % {"n": n}
                title = f"{entity.key} → {one.successor}, {day}" + (f", {part}" if n else "")
                found[title] = entity.key, one
    return found


def _withdrawal(page: Page, standing: Mapping[str, tuple[str, Succeeded]]) -> None:
    """A succession recorded by mistake, or that ended; the day is asked once it is known which."""
    title = st.selectbox(
        page._("Succession à annuler"),
        list(standing),
        index=None,
        placeholder=page._("Choisir"),
        key="succession-off",
    )
    if title is None or title not in standing:
        return
    before, one = standing[title]
    fields = {"withdrawn_on": page._("L’acteur répond de nouveau lui-même à compter du")}
    day = f"succession-off-{before}-{one.successor}-{one.since}"
    with st.form("admin-succession-off", border=False):
        day_field(page, fields["withdrawn_on"], one.since, day)
        form_button(
            page,
            page._("Annuler la succession"),
            lambda: WithdrawSuccession(before, one.successor, one.since, _day("withdrawn_on", day)),
            lambda both: say.withdrawn(both, one.successor, page.locale),
            Form(fields, ("succession-off",)),
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


def _day(column: str, key: str) -> dt.date:
    day: dt.date = typed_days({column: key})[column]
    return day
