"""A new reporting period begins the day after the last one; its other days are given, never guessed."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from ccm.store import open_store
from ccm.store.models import ReportingPeriod
from tests.ui.conftest import OpenScreen, Screen
from tests.ui.people import ADMINISTRATOR, sign_in
from tests.ui.test_administration import _press


def _days(screen: Screen, name: str) -> dt.date | None:
    (field,) = [one for one in screen.at.date_input if (one.key or "").startswith(f"period-{name}-")]
    value: dt.date | None = field.value
    return value


def test_a_new_period_begins_the_day_after_the_last_one(
    demo_url: str, open_screen: OpenScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(monkeypatch, demo_url, ADMINISTRATOR)
    screen = open_screen(demo_url, "administration")
    store = open_store(demo_url)
    with store.read() as connection:
        last = connection.execute(select(func.max(ReportingPeriod.ends_on))).scalar_one()
        count = connection.execute(select(func.count(ReportingPeriod.id))).scalar_one()
    store.close()
    assert _days(screen, "starts_on") == last + dt.timedelta(days=1)
    assert _days(screen, "ends_on") is _days(screen, "due_on") is None
    screen.at.text_input(key="period-key").input("2031-T1")
    screen.at.text_input(key="period-label").input("1er trimestre 2031")
    shown = _press(screen, "Ouvrir la période")
    assert "Au : donnez ce jour" in shown.text
    assert "Dernier jour pour répondre : donnez ce jour" in shown.text
    store = open_store(demo_url)
    with store.read() as connection:
        assert connection.execute(select(func.count(ReportingPeriod.id))).scalar_one() == count
    store.close()
