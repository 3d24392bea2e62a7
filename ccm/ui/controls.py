"""The router's controls, bound to the address: date, comparison, session, language."""

import datetime as dt
from dataclasses import dataclass

import streamlit as st

from ccm.i18n import DEFAULT_LOCALE, LOCALES, known_locale, translator
from ccm.queries.scope import StoreFacts
from ccm.ui.state import compare_with, held


@dataclass(frozen=True)
class Choice:
    """What the reader chose to look at."""

    locale: str
    as_of: dt.date
    since: dt.date | None
    session: int | None


def default_since(as_of: dt.date, facts: StoreFacts) -> dt.date | None:
    """The end of the semester before the date, once the plan was in follow-up by then."""
    semester = (
        dt.date(as_of.year, 6, 30) if as_of > dt.date(as_of.year, 6, 30) else dt.date(as_of.year - 1, 12, 31)
    )
    starts = [s.political_date for s in facts.sessions if s.political_date]
    return semester if starts and semester >= min(starts) else None


def language() -> str:
    """The language the reader chose, else the one in the address; French when there is none."""
    return known_locale(held("langue") or st.query_params.get("lang"))


def controls(locale: str, facts: StoreFacts) -> Choice:
    """Draw the controls and read them."""
    _ = translator(locale).gettext
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="ccm-controls"
    ):
        with st.popover(_("Date et session"), icon=":material/event:"):
            as_of = _date(_("Situation au"), facts)
            since = _since(_("Évolution depuis"), as_of, facts)
            _since_session(_("Ou depuis la réunion politique de la session"), as_of, facts)
            session = _session(_("Session"), _("Toutes"), facts)
        _language(_("Langue"), locale)
    return Choice(locale, as_of, since, session)


def _language(label: str, locale: str) -> None:
    """The switch, and the address in step with it: a bound control would write « English » there."""
    names = {"fr": "Français", "en": "English"}
    st.segmented_control(
        label,
        LOCALES,
        default=locale,
        format_func=names.__getitem__,
        key="langue",
        label_visibility="collapsed",
        required=True,
    )
    if locale != DEFAULT_LOCALE:
        st.query_params["lang"] = locale
    elif "lang" in st.query_params:
        del st.query_params["lang"]


def _date(label: str, facts: StoreFacts) -> dt.date:
    default = facts.default_date
    value = st.date_input(
        label,
        default,
        min_value=dt.date(2022, 1, 1),
        max_value=max(default, facts.today + dt.timedelta(days=366)),
        format="DD/MM/YYYY",
        key="date",
        bind="query-params",
    )
    return value if isinstance(value, dt.date) else default


def _since(label: str, as_of: dt.date, facts: StoreFacts) -> dt.date | None:
    default = default_since(as_of, facts)
    value = st.date_input(
        label,
        default,
        min_value=dt.date(2022, 1, 1),
        format="DD/MM/YYYY",
        key="depuis",
        bind="query-params",
    )
    return value if isinstance(value, dt.date) and value < as_of else None


def _since_session(label: str, as_of: dt.date, facts: StoreFacts) -> None:
    """Sessions held before the date: choosing one sets the comparison date to its political meeting."""
    days = {
        s.number: s.political_date for s in facts.sessions if s.political_date and s.political_date < as_of
    }
    if days:
        st.pills(
            label,
            list(days),
            key="depuis_session",
            on_change=compare_with,
            args=(days, "depuis_session", "depuis"),
        )


def _session(label: str, every: str, facts: StoreFacts) -> int | None:
    numbers = [str(session.number) for session in facts.sessions]
    chosen = st.selectbox(
        label,
        ["", *numbers],
        format_func=lambda number: number or every,
        key="session",
        bind="query-params",
    )
    return int(chosen) if chosen else None
