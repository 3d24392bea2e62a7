"""Qui n'a pas répondu: the entities in a period, and the reminder of one of them."""

from functools import partial
from urllib.parse import quote

import streamlit as st

from ccm.auth import Action, allowed
from ccm.commands.periods import RecordReminder
from ccm.domain.labels import label
from ccm.domain.vocabulary import ReminderChannel
from ccm.queries.silence import Reminded, ReminderQuery, SilenceQuery
from ccm.render.sentences import reminders as say
from ccm.ui.acting import button, told
from ccm.ui.context import Page


def show_silence(page: Page) -> None:
    """Draw the table, or the reminder of the entity that the address names."""
    period, entity = page.parameter("periode"), page.parameter("acteur")
    may_remind = allowed(page.actor, Action.RECORD_REMINDER)
    reminded = page.ask_private(ReminderQuery(page.at, entity, period)) if entity and may_remind else None
    if reminded:
        _reminder(page, reminded)
        return
    silence = page.ask_private(SilenceQuery(page.at, period))
    page.show(
        "silence.html",
        silence=silence,
        title=say.title(silence, page.locale),
        days=page.facts.fresh_days,
        contacts=allowed(page.actor, Action.READ_CONTACTS),
    )


def _reminder(page: Page, reminded: Reminded) -> None:
    address = st.context.url.split("?")[0].rsplit("/", 1)[0] + "/mon-espace" if st.context.url else ""
    short, whole = say.short(reminded, address), say.whole(reminded, address)
    page.show("reminder.html", reminded=reminded)
    told(page)
    st.subheader(page._("Message court (WhatsApp, SMS)"), anchor=False)
    st.code(short, language=None, wrap_lines=True)
    st.subheader(page._("Message complet"), anchor=False)
    st.code(whole, language=None, wrap_lines=True)
    phone = next((person.phone.replace(" ", "") for person in reminded.people if person.phone), "")
    with st.container(horizontal=True):
        st.link_button("WhatsApp", f"https://wa.me/{phone.lstrip('+')}?text={quote(short)}")
        st.link_button("SMS", f"sms:{phone}?body={quote(short)}")
        eml = page.links.to("/relance.eml", acteur=reminded.entity.key, periode=reminded.period.key or None)
        st.link_button(page._("Fichier de courriel"), eml)
    if reminded.period.key and not reminded.reminded_at:
        st.subheader(page._("C’est remis ? Notez-le : une relance par période."), anchor=False)
        with st.container(horizontal=True):
            for channel in ReminderChannel:
                button(
                    page,
                    label(channel, page.translator),
                    f"reminded-{channel.value}",
                    partial(RecordReminder, reminded.entity.key, reminded.period.key, channel),
                    page._("Relance notée."),
                )
