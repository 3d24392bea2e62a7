"""Qui n'a pas répondu: the entities in a period, and the reminder of one of them."""

from functools import partial
from urllib.parse import quote

import streamlit as st

from ccm.auth import Action, allowed
from ccm.commands.periods import RecordReminder
from ccm.domain.labels import label
from ccm.domain.vocabulary import ReminderChannel
from ccm.metrics import At
from ccm.queries.reminder import Reminded, ReminderQuery
from ccm.queries.reporting_periods import Phase
from ccm.queries.silence import SilenceQuery, total
from ccm.render.sentences import reminders as say
from ccm.ui.acting import button, told
from ccm.ui.context import Page
from ccm.ui.plain import plain_label

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
        remind=may_remind and open_today and bool(silence.period.key),
        may_open=allowed(page.actor, Action.MANAGE_PERIODS),
    )


def _reminder(page: Page, reminded: Reminded) -> None:
    page.show("reminder.html", reminded=reminded, may_open=allowed(page.actor, Action.MANAGE_PERIODS))
    told(page)
    if not reminded.missing or not reminded.period.key:
        # One reminder a period: without a period, nothing would say that somebody was reminded already.
        return
    address = f"{page.origin}/mon-espace"
    short, whole = say.short(reminded, address), say.whole(reminded, address)
    page.show("subtitle.html", text=page._("Message court (WhatsApp, SMS)"))
    st.code(short, language=None, wrap_lines=True)
    _to_telephones(reminded, short)
    page.show("subtitle.html", text=page._("Message complet"))
    st.code(whole, language=None, wrap_lines=True)
    asked = {"acteur": reminded.entity.key, "periode": reminded.period.key}
    with st.container(horizontal=True):
        st.link_button(page._("Fichier de courriel"), page.links.to("/relance.eml", **asked))
        st.link_button(page._("Lettre à imprimer"), page.links.to("/relance.html", **asked))
    _note(page, reminded)
    page.show("reminder_answers.html", reminded=reminded)


def _to_telephones(reminded: Reminded, text: str) -> None:
    """The short message, ready in WhatsApp and as an SMS, for each person with a telephone."""
    numbers = [(person.full_name or person.name, _dialled(person.phone)) for person in reminded.people]
    for name, phone in [reached for reached in numbers if reached[1]] or [("", "")]:
        to = f" · {plain_label(name)}" if name else ""
        with st.container(horizontal=True):
            st.link_button(f"WhatsApp{to}", f"https://wa.me/{phone}?text={quote(text)}")
            st.link_button(f"SMS{to}", f"sms:{'+' + phone if phone else ''}?body={quote(text)}")


def _note(page: Page, reminded: Reminded) -> None:
    if reminded.reminded_at:
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
