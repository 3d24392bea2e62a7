"""Addresses carry the view they were made in, and nothing that is the default."""

import datetime as dt

import pytest

from ccm.domain.vocabulary import Status
from ccm.render import Links

JUNE, DECEMBER = dt.date(2024, 6, 30), dt.date(2023, 12, 31)


def test_a_default_view_leaves_no_trace() -> None:
    links = Links()
    assert links.overview() == "/"
    assert links.recommendation("CCM7-A1-05") == "/recommandation?cle=CCM7-A1-05"
    assert links.region("NE002") == links.entity("NE002") == "/regions?region=NE002"
    assert links.institution("MI-D") == links.entity("MI-D") == "/institutions?entite=MI-D"
    assert (links.explorer(), links.method("expected")) == ("/explorer", "/methode#expected")


def test_a_view_keeps_its_dates_session_and_language() -> None:
    links = Links(locale="en", as_of=JUNE, since=DECEMBER, session=7)
    assert links.regions() == "/regions?date=2024-06-30&depuis=2023-12-31&session=7&lang=en"
    assert links.in_language("fr").at(None).overview() == "/?session=7"
    assert links.method("x") == "/methode?date=2024-06-30&depuis=2023-12-31&session=7&lang=en#x"


def test_register_filters() -> None:
    links = Links(filters=(("axis", "A3"), ("q", "diaspora & co")))
    assert links.recommendations(status=Status.BLOCKED, overdue=True, doubtful=False) == (
        "/recommandations?statut=blocked&retard=1"
    )
    assert links.refine(axis=None) == "/recommandations?q=diaspora+%26+co"
    assert links.refine(unassigned=True) == "/recommandations?q=diaspora+%26+co&axe=A3&non_attribuee=1"
    assert links.recommendations(continuous=True) == "/recommandations?continue=1"
    with pytest.raises(TypeError, match="colour"):
        links.recommendations(colour="red")


def test_the_rows_of_a_group_keep_its_filters() -> None:
    links = Links(as_of=JUNE)
    region = links.rows_of("NE002").within(axis="A1")
    assert region.answers(status=Status.BLOCKED) == (
        "/recommandations?vue=reponses&axe=A1&region=NE002&statut=blocked&date=2024-06-30"
    )
    assert links.rows_of("MI-D").recommendations() == "/recommandations?institution=MI-D&date=2024-06-30"
    several = Links().rows(among=("NE001", "NE003")).answers(answered=True)
    assert several == "/recommandations?vue=reponses&renseignee=1&acteurs=NE001%2CNE003"


def test_permanent_addresses() -> None:
    permanent = Links(locale="en").permanent("plan", metric="coverage", as_of=JUNE)
    assert permanent == "/f/plan/coverage?date=2024-06-30&lang=en"
    assert Links().permanent("axis", "A1", as_of=JUNE) == "/f/axis/A1?date=2024-06-30"
    several = Links().figure("region", "NE002,NE006", "not_reported")
    assert several == Links().rows(among=("NE002", "NE006")).answers(status=Status.NOT_REPORTED)
    assert Links().figure("axis", "A1", "colour") is Links().figure("donor", "X", "realised") is None


def test_pages_may_live_below_another_root() -> None:
    assert Links(light=True).region("NE002") == "/leger/regions?region=NE002"
    assert Links(light=True, locale="en").overview() == "/leger?lang=en"
    # Where there is no light page, the application's; what is permanent has one address.
    assert Links(light=True).explorer() == "/explorer"
    assert Links(light=True).permanent("axis", "A1", as_of=dt.date(2024, 6, 30)).startswith("/f/axis/A1?")
