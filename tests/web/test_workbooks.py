"""`/classeur/NE002.xlsx`: an attachment for whoever answers for the entity, and for nobody else."""

import io

import httpx
import openpyxl
import pytest

from ccm.store import Store
from tests.integration.reporting import token_of
from tests.web.asgi import application, ask

APP = application()


@pytest.fixture
def store(asked_store: Store) -> Store:
    """The application's own store."""
    return asked_store


def _get(path: str, token: str = "", accept: str = "*/*") -> httpx.Response:
    signed = {"cookie": f"ccm_session={token}"} if token else {}
    return ask(APP, path, headers={"accept": accept, **signed})


def test_it_is_handed_to_its_own_people(store: Store) -> None:
    diffa, zinder = (
        token_of(store, name, "focal_point", key) for name, key in (("D", "NE002"), ("Z", "NE007"))
    )
    answer = _get("/classeur/NE002.xlsx", diffa)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith('attachment; filename="reponses-NE002-')
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames[0] == "Réponses"

    others = [_get("/classeur/NE002.xlsx", zinder), _get("/classeur/nobody.xlsx", diffa)]
    assert [one.status_code for one in others] == [404, 404]
    assert others[0].text == others[1].text
    shown = _get("/classeur/NE002.xlsx", zinder, "text/html")
    assert (shown.status_code, 'href="/mon-espace"' in shown.text) == (404, True)
    anonymous = _get("/classeur/NE002.xlsx")
    assert (anonymous.status_code, "/classeur" in anonymous.headers["location"]) == (303, False) or (
        anonymous.headers["location"].startswith("/connexion")
    )
