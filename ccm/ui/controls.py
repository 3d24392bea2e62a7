"""The controls every page shares: date, comparison, session, language. They write the address."""

import datetime as dt

import streamlit as st

from ccm.auth import Action, Actor, allowed
from ccm.domain.dates import parse_day
from ccm.i18n import DEFAULT_LOCALE, LOCALES, numbers, translator
from ccm.queries.scope import StoreFacts
from ccm.render import UNCOMPARED, Links
from ccm.screens.choice import Choice, default_since
from ccm.ui.address import address, write
from ccm.ui.html import show_again
from ccm.ui.state import held, hold

_DATE, _SINCE, _SINCE_SESSION, _SESSION, _LANGUAGE = (
    f"ccm-{name}" for name in ("date", "depuis", "depuis-session", "session", "langue")
)
_PROVISIONAL = "ccm-provisoire"
_OPENED = "ccm-quand"
_LONGEST = 20


def controls(choice: Choice, facts: StoreFacts, actor: Actor, here: str) -> None:
    """Draw the controls at what the address asks for, the way to sign in and back, or one's account."""
    _ = translator(choice.locale).gettext
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="ccm-controls"
    ):
        # Drawn when it is opened: its form is a quarter of what a page costs, and few open it.
        opened = st.popover(_("Date et session"), icon=":material/event:", key=_OPENED, on_change="rerun")
        if opened.open:
            with opened:
                _when(choice, facts)
                if allowed(actor, Action.READ_PROVISIONAL):
                    _provisional(choice)
        names = {"fr": "Français", "en": "English"}
        st.segmented_control(
            _("Langue"),
            LOCALES,
            format_func=names.__getitem__,
            key=hold(_LANGUAGE, choice.locale),
            on_change=_speak,
            label_visibility="collapsed",
            required=True,
        )
        show_again("account_link.html", choice.locale, actor=actor, here=here, links=Links(choice.locale))


def _provisional(choice: Choice) -> None:
    """Whether what is handed in counts before it is validated: for those who follow the plan."""
    st.toggle(
        translator(choice.locale).gettext("Chiffres provisoires : points à valider compris"),
        key=hold(_PROVISIONAL, choice.provisional),
        on_change=_count_provisional,
    )


def _count_provisional() -> None:
    write(provisoire="1" if held(_PROVISIONAL) else "")


def _when(choice: Choice, facts: StoreFacts) -> None:
    """One form: a date is taken on Enter as on the button, and a slow line carries one change, not three.

    Its dates are typed: Streamlit's calendar takes a typed date on a click elsewhere, not on Enter.
    """
    _ = translator(choice.locale).gettext
    days = _meetings(choice, facts)
    sessions = [str(session.number) for session in facts.sessions]
    with st.form("ccm-when", border=False):
        _day(_("Situation au"), hold(_DATE, _shown("date", choice.as_of, choice)), choice)
        _day(_("Évolution depuis"), hold(_SINCE, _shown("depuis", choice.since, choice)), choice)
        if days:
            st.pills(
                _("Ou depuis la réunion politique de la session"), list(days), key=hold(_SINCE_SESSION, None)
            )
        st.selectbox(
            _("Session"),
            ["", *sessions],
            format_func=lambda number: number or _("Toutes"),
            placeholder=_("Choisir"),
            key=hold(_SESSION, str(choice.session or "")),
        )
        st.form_submit_button(_("Appliquer"), type="primary", on_click=_apply, args=(choice, facts))


def _day(label: str, key: str, choice: Choice) -> None:
    placeholder = translator(choice.locale).gettext("jj/mm/aaaa")
    st.text_input(label, key=key, placeholder=placeholder, max_chars=_LONGEST)


def _meetings(choice: Choice, facts: StoreFacts) -> dict[int, dt.date]:
    """The political meetings held before the date, by the number of their session."""
    return {
        s.number: s.political_date
        for s in facts.sessions
        if s.political_date and s.political_date < choice.as_of
    }


def _shown(name: str, day: dt.date | None, choice: Choice) -> str:
    """A field's day; what was typed where it is no day, to be mended beside the notice that says so."""
    if name in choice.unknown:
        return address()[name][:_LONGEST]
    return numbers.day(day, choice.locale) if day else ""


def _speak() -> None:
    locale = held(_LANGUAGE) or DEFAULT_LOCALE
    write(lang="" if locale == DEFAULT_LOCALE else locale)


def _apply(choice: Choice, facts: StoreFacts) -> None:
    """Put what was typed into the address, as a date where it is one: reading it says what it means.

    What is the default stays out of the address; a comparison left as it was follows the date.
    """
    date, since = _typed(_DATE), _typed(_SINCE)
    as_of = date if isinstance(date, dt.date) else facts.default_date
    untouched = since == (choice.since or "") and choice.since == default_since(choice.as_of, facts)
    since = _meetings(choice, facts).get(held(_SINCE_SESSION) or 0) or since
    if since == default_since(as_of, facts) or (untouched and not held(_SINCE_SESSION)):
        depuis = ""
    else:
        depuis = str(since) or UNCOMPARED
    write(
        date="" if date in ("", facts.default_date) else str(date),
        depuis=depuis,
        session=held(_SESSION) or "",
    )


def _typed(key: str) -> dt.date | str:
    """The day that was typed, else the text as it is."""
    text = str(held(key) or "").strip()
    try:
        return parse_day(text)
    except ValueError:
        return text
