"""The room of reporting periods: which there are, a new one, one that was opened with wrong days."""

import datetime as dt

import streamlit as st

from ccm.commands.periods import ChangePeriod, OpenPeriod
from ccm.queries.administration import SettingsQuery
from ccm.queries.reporting_periods import Period
from ccm.ui import state
from ccm.ui.acting import Form, form_button
from ccm.ui.context import Page
from ccm.ui.fields import day_field, mend, take_problems, typed_days

_NEW = "period-new"
_DAYS = ("starts_on", "ends_on", "due_on")


def show_periods(page: Page) -> None:
    """Every period, and the gestures on one."""
    known = page.ask_private(SettingsQuery()).periods
    page.show("periods.html", periods=known)
    page.show("subtitle.html", text=page._("Ouvrir une période"))
    with st.form("admin-period", border=False):
        _open(page, max((period.ends_on for period in known), default=None))
    if known:
        with st.expander(page._("Corriger une période")):
            _choose(page, known)


def _open(page: Page, last: dt.date | None) -> None:
    """A new period begins the day after the last one ends; its other days are typed, never guessed."""
    usual = {"starts_on": last + dt.timedelta(days=1) if last else None}
    # Once a period is open, the days of the next are other ones.
    days = {name: f"period-{name}-{last or 'first'}" for name in _DAYS}
    fields = _fields(page)
    wrong = take_problems(_NEW)
    st.text_input(fields["key"], placeholder="2026-T4", max_chars=64, key="period-key")
    mend(page, wrong.get("key"))
    st.text_input(fields["label"], placeholder=page._("4e trimestre 2026"), max_chars=120, key="period-label")
    mend(page, wrong.get("label"))
    for name in _DAYS:
        day_field(page, fields[name], usual.get(name), days[name])
        mend(page, wrong.get(name))
    form_button(
        page,
        page._("Ouvrir la période"),
        lambda: OpenPeriod(
            str(state.held("period-key") or ""),
            str(state.held("period-label") or ""),
            **typed_days(days, required=False),
        ),
        page._("Période ouverte."),
        Form(fields, ("period-key", "period-label"), primary=True, name=_NEW),
    )


def _choose(page: Page, known: tuple[Period, ...]) -> None:
    chosen = st.selectbox(
        page._("Période à corriger"),
        [period.key for period in known],
        index=None,
        placeholder=page._("Choisir"),
        key="period-mended",
    )
    period = next((one for one in known if one.key == chosen), None)
    if period:
        with st.form(f"admin-period-{period.key}", border=False):
            _change(page, period)


def _change(page: Page, period: Period) -> None:
    fields = _fields(page)
    names = {name: f"period-{name}-{period.key}" for name in ("label", *_DAYS)}
    # As it was when these fields were drawn: they hold what is typed, whatever becomes of it meanwhile.
    seen = f"period-seen-{period.key}"
    state.kept(seen, lambda: (period.label, period.starts_on, period.ends_on, period.due_on))
    form = f"period-{period.key}"
    wrong = take_problems(form)
    st.text_input(fields["label"], period.label, max_chars=120, key=names["label"])
    mend(page, wrong.get("label"))
    for name in _DAYS:
        day_field(page, fields[name], getattr(period, name), names[name])
        mend(page, wrong.get(name))
    form_button(
        page,
        page._("Corriger la période"),
        lambda: ChangePeriod(
            period.key,
            str(state.held(names["label"]) or ""),
            **typed_days({name: names[name] for name in _DAYS}),
            seen=state.take(seen),
        ),
        page._("Période corrigée : les réponses sont recomptées."),
        Form(fields, name=form),
    )


def _fields(page: Page) -> dict[str, str]:
    return {
        "key": page._("Code"),
        "label": page._("Nom"),
        "starts_on": page._("Du"),
        "ends_on": page._("Au"),
        "due_on": page._("Dernier jour pour répondre"),
    }
