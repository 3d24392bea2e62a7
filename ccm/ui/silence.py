"""Qui n'a pas répondu: the entities in a period, and the reminder of one of them."""

from functools import partial
from urllib.parse import quote

import streamlit as st

from ccm.auth import Action, allowed
from ccm.commands.periods import RecordReminder
from ccm.domain.labels import label
from ccm.domain.vocabulary import ReminderChannel
from ccm.metrics import At
from ccm.queries.reporting_periods import Phase
from ccm.queries.silence import Reminded, ReminderQuery, SilenceQuery, total
from ccm.render.sentences import reminders as say
from ccm.ui.acting import button, told
from ccm.ui.context import Page

#: Niger's country code, before a number written as one dials it at home.
_NIGER, _LOCAL_DIGITS = "227", 8


def show_silence(page: Page) -> None:
    """Draw the table, or the reminder of the entity that the address names."""
    period, entity = page.parameter("periode"), page.parameter("acteur")
    may_remind = allowed(page.actor, Action.RECORD_REMINDER)
    # A reminder is sent today, whatever day the page looks at.
    today = At(page.facts.default_date, fresh_days=page.facts.fresh_days)
    reminded = page.ask_private(ReminderQuery(today, entity, period)) if entity and may_remind else None
    if reminded:
        _reminder(page, reminded)
        return
    silence = page.ask_private(SilenceQuery(page.at, period))
    open_today = silence.period.phase(today.as_of) in (Phase.OPEN, Phase.LATE)
    page.show(
        "silence.html",
        silence=silence,
        title=say.title(silence, page.locale),
        total=total,
        days=page.facts.fresh_days,
        contacts=allowed(page.actor, Action.READ_CONTACTS),
        remind=may_remind and open_today,
        may_open=allowed(page.actor, Action.MANAGE_PERIODS),
    )


def _reminder(page: Page, reminded: Reminded) -> None:
    page.show("reminder.html", reminded=reminded)
    told(page)
    if not reminded.missing:
        return
    address = f"{page.origin}/mon-espace"
    short, whole = say.short(reminded, address), say.whole(reminded, address)
    page.show("subtitle.html", text=page._("Message court (WhatsApp, SMS)"))
    st.code(short, language=None, wrap_lines=True)
    phone = next((number for person in reminded.people if (number := _dialled(person.phone))), "")
    with st.container(horizontal=True):
        st.link_button("WhatsApp", f"https://wa.me/{phone}?text={quote(short)}")
        st.link_button("SMS", f"sms:{'+' + phone if phone else ''}?body={quote(short)}")
    page.show("subtitle.html", text=page._("Message complet"))
    st.code(whole, language=None, wrap_lines=True)
    asked = {"acteur": reminded.entity.key, "periode": reminded.period.key or None}
    with st.container(horizontal=True):
        st.link_button(page._("Fichier de courriel"), page.links.to("/relance.eml", **asked))
        st.link_button(page._("Lettre à imprimer"), page.links.to("/relance.html", **asked))
    _note(page, reminded)
    page.show("reminder_answers.html", reminded=reminded)


def _note(page: Page, reminded: Reminded) -> None:
    if not reminded.period.key or reminded.reminded_at:
        return
    page.show("subtitle.html", text=page._("C’est remis ? Notez-le : une relance par période."))
    with st.container(horizontal=True):
        for channel in ReminderChannel:
            button(
                page,
                label(channel, page.translator),
                f"reminded-{channel.value}",
                partial(RecordReminder, reminded.entity.key, reminded.period.key, channel),
                page._("Relance notée."),
            )


def _dialled(phone: str) -> str:
    """A telephone number as WhatsApp wants it: digits, the country's code first."""
    digits = "".join(sign for sign in phone if sign.isdigit()).removeprefix("00")
    return _NIGER + digits if len(digits) == _LOCAL_DIGITS else digits
