"""Administration: people, entities, reporting periods, settings; one gesture a form."""

import streamlit as st

from ccm.auth import Action, require
from ccm.commands.periods import SETTINGS, ChangeSetting
from ccm.i18n import N_
from ccm.queries.administration import SettingsQuery
from ccm.ui import state
from ccm.ui.acting import Form, form_button, told
from ccm.ui.administration_entities import show_entities
from ccm.ui.administration_people import show_people
from ccm.ui.administration_periods import show_periods
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
    page.show("title.html", text=page._("Administration"))
    told(page)
    rooms = (
        (page._("Personnes"), show_people),
        (page._("Acteurs"), show_entities),
        (page._("Périodes"), show_periods),
        (page._("Réglages"), _settings),
    )
    for tab, (_, show) in zip(st.tabs([title for title, _ in rooms]), rooms, strict=True):
        with tab:
            show(page)


def _settings(page: Page) -> None:
    values = page.ask_private(SettingsQuery()).values
    for name in SETTINGS:
        with (
            st.form(f"admin-setting-{name}", border=False),
            st.container(horizontal=True, vertical_alignment="bottom"),
        ):
            _setting(page, name, values[name])


def _setting(page: Page, name: str, present: str) -> None:
    title, key, accepted = page._(_SETTING_WORDS[name]), f"setting-{name}", SETTINGS[name]
    if isinstance(accepted, range):
        st.text_input(title, present, max_chars=4, key=key)
    else:
        st.selectbox(
            title,
            accepted,
            index=accepted.index(present),
            format_func=lambda code: page._(_SETTING_WORDS[code]),
            placeholder=page._("Choisir"),
            key=key,
        )
    form_button(
        page,
        page._("Changer"),
        lambda: ChangeSetting(name, str(state.held(key) or "")),
        page._("Réglage changé."),
        Form({"value": title}),
    )
