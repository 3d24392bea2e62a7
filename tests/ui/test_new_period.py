"""A new reporting period begins the day after the last one; its other days are given, never guessed."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from ccm.store import open_store
from ccm.store.models import ReportingPeriod
from tests.ui.conftest import OpenScreen, Screen
from tests.ui.people import ADMINISTRATOR, sign_in
from tests.ui.test_administration import _press


def _days(screen: Screen, name: str) -> str:
    (field,) = [one for one in screen.at.text_input if (one.key or "").startswith(f"period-{name}-")]
    return str(field.value)


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
    assert _days(screen, "starts_on") == f"{last + dt.timedelta(days=1):%d/%m/%Y}"
    assert _days(screen, "ends_on") == _days(screen, "due_on") == ""
    screen.at.text_input(key="period-key").input("2031-T1")
    screen.at.text_input(key="period-label").input("1er trimestre 2031")
    shown = _press(screen, "Ouvrir la période")
    assert [node.text for node in shown.tree.all("p", cls="ccm-mend")] == ["Donnez ce jour."] * 2
    store = open_store(demo_url)
    with store.read() as connection:
        assert connection.execute(select(func.count(ReportingPeriod.id))).scalar_one() == count
    store.close()
