"""The pages' socket in dishonest hands: whatever a frame says, nothing changes and nobody's data is shown.

One application serves the module; each test has people of its own, and looks at the whole store.
"""

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from streamlit.proto.Common_pb2 import DoubleArray, StringArray
from streamlit.proto.WidgetStates_pb2 import WidgetState

from ccm.auth import CONSOLE
from ccm.commands import ImportAssignments, submit
from ccm.commands.assignment_lines import AssignmentLine
from ccm.commands.drafts import SaveDraft
from ccm.commands.own_account import SignOut
from ccm.commands.people_changes import ChangePerson, DisablePerson
from ccm.commands.periods import ChangeSetting
from ccm.domain.dates import today, utc_now
from ccm.metrics import At
from ccm.queries.ask import ask_as
from ccm.queries.my_space import MySpaceQuery
from ccm.store import Store, open_store
from ccm.store.models import Base, Draft, SignIn
from tests.support.accounts import add, enter, who
from tests.support.application import serving
from tests.support.frames import Drawn, Session, connected
from tests.support.proof import PROOF

# Who may come in is not what is tried here: a password need not be slow to guess.
pytestmark = pytest.mark.usefixtures("quick_hashes")

OURS, THEIRS = "CCM7-A1-05/NE002", "CCM7-A1-05/NE003"
CANARY, CELL = "canari-zébré-7f3a", "canari-de-cellule-91c2"
NOT_YOURS = "pas le droit"
OVER = "Votre connexion a pris fin"
#: What may come and go without a record being changed.
_PASSING = {"sign_in", "sign_in_attempt", "answered_request"}


class Served:
    """The address of the application, its store, and people made as they are needed."""

    def __init__(self, address: str, store: Store) -> None:
        self.address, self.store = address, store
        self.people = 0

    def person(self, role: str, *entities: str) -> tuple[str, str]:
        """The name of a new person and the token of their sign-in."""
        self.people += 1
        name = f"Personne {self.people} ({role})"
        add(self.store, name, role, *entities)
        return name, enter(self.store, name)

    def rows(self) -> dict[str, list[str]]:
        """Every row of every table that holds a record."""
        with self.store.read() as connection:
            return {
                name: sorted(str(row) for row in connection.execute(select(table)).all())
                for name, table in Base.metadata.tables.items()
                if name not in _PASSING
            }


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One application, whose store this module writes to as well."""
    folder = tmp_path_factory.mktemp("frames")
    url = f"sqlite:///{shutil.copyfile(sqlite_template, folder / 'store.db')}"
    store = open_store(url)
    due = [AssignmentLine("CCM7-A1-05", key, line=2) for key in ("NE002", "NE003")]
    _assign(store, due)
    with serving(url, folder / "application.log") as address:
        yield Served(address, store)
    store.close()


def _assign(store: Store, lines: list[AssignmentLine]) -> None:
    from ccm.domain.errors import ImportRejected

    for line in lines:
        try:
            submit(store, CONSOLE, ImportAssignments((line,)))
        except ImportRejected:
            continue  # The real table names this region already.


def sound(drawn: Drawn) -> str:
    """What was drawn, having seen that no error of the program is shown."""
    assert drawn.errors == []
    assert "Un incident est survenu" not in drawn.text
    return drawn.text


# A session that belongs to another browser -------------------------------------------------------------


def test_a_session_is_given_back_to_its_own_browser_only(served: Served) -> None:
    name, token = served.person("focal_point", "NE002")
    _, other = served.person("donor")
    with connected(served.address, token) as victim:
        assert name in victim.open("mon-espace").text
        stolen = victim.session_id
        for thief in (other, None, "made up"):
            forged = {"X-Ccm-Browser": "0" * 64}
            with connected(served.address, thief, stolen, **forged) as attacker:
                drawn = attacker.run()
                assert attacker.session_id != stolen
                assert name not in drawn.text
        # The session is still there, for whoever opened it, with a socket of its own.
        assert name in victim.run().text
    with connected(served.address, token, stolen) as again:
        assert name in again.run(page="mon-espace").text
        assert again.session_id == stolen, "the positive control: a session can be taken up again"


# Rights that are gone ----------------------------------------------------------------------------------


def _form(session: Session, engagement: str = OURS) -> Drawn:
    drawn = session.open("repondre", engagement=engagement)
    sound(drawn)
    return drawn


def _report_and_send(session: Session, drawn: Drawn) -> list[Drawn]:
    """What a click on a status and on the button draw, in the same session."""
    status = next(widget for kind, widget in drawn.widgets.values() if kind == "radio")
    return [
        session.set(id=status.id, string_value=status.options[0]),
        session.press(drawn.id_of("-send")),
        session.press(drawn.id_of("-send")),
    ]


def test_with_rights_the_same_frames_make_a_draft_and_a_report(served: Served) -> None:
    _, token = served.person("focal_point", "NE002")
    with connected(served.address, token) as session:
        before = served.rows()
        first, *_ = _report_and_send(session, _form(session))
        sound(first)
        after = served.rows()
    assert len(after["progress_report"]) == len(before["progress_report"]) + 1
    assert after["audit_event"] != before["audit_event"]


def _leave(served: Served, name: str, token: str) -> None:
    submit(served.store, CONSOLE, DisablePerson(name))


def _sign_out(served: Served, name: str, token: str) -> None:
    submit(served.store, who(served.store, enter(served.store, name)), SignOut(everywhere=True))


def _lose_region(served: Served, name: str, token: str) -> None:
    submit(served.store, CONSOLE, ChangePerson(name, "focal_point", ("NE004",), 1))


def _lose_role(served: Served, name: str, token: str) -> None:
    submit(served.store, CONSOLE, ChangePerson(name, "donor", (), 1))


def _fall_silent(served: Served, name: str, token: str) -> None:
    with served.store.write("test") as transaction:
        seen = utc_now() - dt.timedelta(minutes=31)
        mine = SignIn.id == who(served.store, token).sign_in_id
        transaction.connection.execute(update(SignIn).where(mine).values(created_at=seen, last_seen_at=seen))


def _grow_old(served: Served, name: str, token: str) -> None:
    with served.store.write("test") as transaction:
        begun = utc_now() - dt.timedelta(hours=13)
        over = {"created_at": begun, "expires_at": begun + dt.timedelta(hours=12)}
        mine = SignIn.id == who(served.store, token).sign_in_id
        transaction.connection.execute(update(SignIn).where(mine).values(over))


@pytest.mark.parametrize("revoke", [_leave, _sign_out, _lose_region, _lose_role, _fall_silent, _grow_old])
def test_callbacks_of_an_open_page_change_nothing_once_rights_are_gone(served: Served, revoke: Any) -> None:
    name, token = served.person("focal_point", "NE002")
    with connected(served.address, token) as session:
        drawn = _form(session)
        revoke(served, name, token)
        before = served.rows()
        for after in _report_and_send(session, drawn):
            text = sound(after)
            assert OVER in text or NOT_YOURS in text or "est pas le vôtre" in text
        assert served.rows() == before


def test_the_sentence_leads_back_to_the_same_page(served: Served) -> None:
    name, token = served.person("focal_point", "NE002")
    with connected(served.address, token) as session:
        _form(session)
        submit(served.store, CONSOLE, DisablePerson(name))
        text = sound(session.run())
    assert OVER in text
    assert "/connexion?next=%2Frepondre%3Fengagement%3DCCM7-A1-05%252FNE002" in text


def test_every_socket_of_a_person_loses_its_rights_at_its_next_event(served: Served) -> None:
    name, token = served.person("administrator")
    _, other = served.person("administrator")
    tokens = [token, *(enter(served.store, name) for _ in range(4))]
    with ExitStack() as sockets:
        sessions = [sockets.enter_context(connected(served.address, held)) for held in tokens]
        for session in sessions:
            assert name in sound(session.open("administration"))
        submit(served.store, who(served.store, other), DisablePerson(name))
        for session in sessions:
            drawn = session.run()
            assert OVER in sound(drawn)
            assert name not in drawn.text
            assert [key for key in drawn.widgets if "admin-" in key] == []


def test_fragments_that_a_frame_makes_up_draw_and_change_nothing(served: Served) -> None:
    name, token = served.person("focal_point", "NE002")
    with connected(served.address, token) as session:
        drawn = _form(session)
        submit(served.store, CONSOLE, DisablePerson(name))
        before = served.rows()
        for made_up in ("x", "0" * 32, drawn.id_of("-send")):
            for auto in (True, False):
                session.whisper(fragment_id=made_up, is_auto_rerun=auto)
        after = session.run()
        assert OVER in after.text
        assert name not in after.text
        assert served.rows() == before


# To be seen is not to be active ------------------------------------------------------------------------


def test_a_socket_that_opens_again_keeps_no_sign_in_alive(served: Served) -> None:
    _, token = served.person("focal_point", "NE002")
    mine = SignIn.id == who(served.store, token).sign_in_id
    earlier = utc_now() - dt.timedelta(minutes=20)

    def seen() -> dt.datetime:
        with served.store.read() as connection:
            return connection.execute(select(SignIn.last_seen_at).where(mine)).scalar_one()

    with served.store.write("test") as transaction:
        transaction.connection.execute(
            update(SignIn).where(mine).values(created_at=earlier, last_seen_at=earlier)
        )
    for _ in range(3):
        with connected(served.address, token) as session:
            sound(session.open("mon-espace"))
        assert seen() == earlier
    with connected(served.address, token) as session:
        sound(session.open("mon-espace"))
        sound(session.run())
        assert seen() > earlier, "a click is a person's gesture"


# Pages and records that are not one's own --------------------------------------------------------------


@pytest.fixture(scope="module")
def hashes(served: Served) -> dict[str, str]:
    """The hash of each page, as an administrator learns it."""
    _, token = served.person("administrator")
    with connected(served.address, token) as session:
        return session.open("administration").pages


@pytest.mark.parametrize("role", ["reader", "donor", "minister", "focal_point", "validator", None])
def test_the_hash_of_a_page_opens_it_to_nobody_else(
    served: Served, hashes: dict[str, str], role: str | None
) -> None:
    closed = {
        "reader": {"administration", "journal", "validation", "relances", "mon-espace", "repondre"},
        "donor": {"administration", "journal", "validation", "relances", "mon-espace", "repondre"},
        "minister": {"administration", "journal", "validation", "mon-espace", "repondre"},
        "focal_point": {"administration", "journal", "validation", "relances"},
        "validator": {"administration", "journal"},
        None: {"administration", "journal", "validation", "relances", "mon-espace", "repondre"},
    }[role]
    assert closed <= hashes.keys()
    canary, _ = served.person("minister")
    token = served.person(role, *(("NE002",) if role == "focal_point" else ()))[1] if role else None
    before = served.rows()
    with connected(served.address, token) as session:
        session.open("")
        for path in closed:
            drawn = session.run(page_script_hash=hashes[path])
            text = sound(drawn)
            assert NOT_YOURS in text or "demande de se connecter" in text, path
            assert canary not in text, path
            keys = [
                name for name in drawn.widgets if "admin-" in name or "answer-" in name or "table-" in name
            ]
            assert keys == [], path
    assert served.rows() == before


@pytest.mark.parametrize(
    "engagement",
    [THEIRS, "CCM7-A1-05/NE999", "", "x" * 5000, "' or 1=1 --", "CCM7-A1-05/NE002/NE003", "\0", "%00"],
)
def test_an_answer_of_another_region_is_as_one_that_is_not_there(served: Served, engagement: str) -> None:
    _, author = served.person("focal_point", "NE003")
    submit(served.store, who(served.store, author), SaveDraft(THEIRS, {"note": CANARY}, base_report_id=None))
    _, token = served.person("focal_point", "NE002")
    with connected(served.address, token) as session:
        drawn = session.open("repondre", engagement=engagement)
        text = sound(drawn)
        assert CANARY not in text
        assert [name for name in drawn.widgets if "answer-" in name] == []


# Values that no control offers -------------------------------------------------------------------------

TEXTS = ("<img src=x onerror=alert(1)>", "x" * 20_000, "\0", "", "-1", "999999", "None", "Réalisé", CANARY)
#: For each kind of control, the field of a frame that Streamlit reads, and what no control would put there.
#: How many of them are tried at each change; `make proof` tries all.
_SOME = 4
FORGED: dict[str, tuple[str, tuple[Any, ...]]] = {
    "radio": ("string_value", TEXTS),
    "selectbox": ("string_value", TEXTS),
    "text_input": ("string_value", TEXTS),
    "text_area": ("string_value", TEXTS),
    "multiselect": ("string_array_value", (["x"], TEXTS, [])),
    "button_group": ("string_array_value", (["x"], TEXTS, [])),
    "checkbox": ("bool_value", (True, False)),
    "arrow_data_frame": ("string_value", ('{"edited_rows": {"0": {"status": 7}}}', '{"edited_rows": {}}')),
}


def _places(served: Served) -> list[tuple[str, str, dict[str, str]]]:
    _, focal = served.person("focal_point", "NE002")
    _, validator = served.person("validator")
    _, administrator = served.person("administrator")
    return [
        (focal, "repondre", {"engagement": OURS}),
        (focal, "mon-espace", {}),
        (validator, "validation", {}),
        (validator, "relances", {}),
        (validator, "repondre", {"engagement": OURS}),
        (validator, "recommandation", {"cle": "CCM7-A1-05"}),
        (administrator, "administration", {}),
        (administrator, "journal", {}),
        (focal, "recommandations", {}),
        (focal, "", {}),
    ]


def test_values_that_no_control_offers_break_nothing(served: Served) -> None:
    """Every value on every page in `make proof`; else a few on one control of each kind and page."""
    met: set[tuple[str, str]] = set()
    tried, reports = 0, served.rows()["progress_report"]
    for token, path, parameters in _places(served):
        with connected(served.address, token) as session:
            drawn = session.open(path, **parameters)
            sound(drawn)
            for kind, widget in list(drawn.widgets.values()):
                name, values = FORGED.get(kind, ("", ()))
                if not PROOF:
                    known = (kind, path) in met
                    values = () if known else (values * 2)[tried % (len(values) or 1) :][:_SOME]
                met.add((kind, path))
                for value in values:
                    sound(session.run(_state(widget.id, name, value)))
                    session.states = {}
                    tried += 1
    assert tried > 50
    assert served.rows()["progress_report"] == reports


@pytest.mark.parametrize("name", ["int_value", "json_value", "double_array_value"])
def test_values_of_another_kind_are_an_incident_and_no_traceback(served: Served, name: str) -> None:
    """Streamlit itself cannot read them; the reader is told a number, the log the rest."""
    _, token = served.person("focal_point", "NE002")
    before = served.rows()
    for path, parameters in (("repondre", {"engagement": OURS}), ("mon-espace", {})):
        with connected(served.address, token) as session:
            for _, widget in list(session.open(path, **parameters).widgets.values()):
                value: Any = {"int_value": 7, "json_value": "{", "double_array_value": [1e308]}[name]
                drawn = session.run(_state(widget.id, name, value))
                assert drawn.errors == []
                assert "Traceback" not in drawn.text
                session.states = {}
    after = served.rows()
    assert {key: after[key] for key in after.keys() - {"draft"}} == {
        key: before[key] for key in before.keys() - {"draft"}
    }


def _state(identifier: str, name: str, value: Any) -> WidgetState:
    arrays = {"string_array_value": StringArray, "double_array_value": DoubleArray}
    return WidgetState(id=identifier, **{name: arrays[name](data=value) if name in arrays else value})


def test_a_status_a_percent_and_a_date_that_are_not_offered_make_no_report(served: Served) -> None:
    _, token = served.person("focal_point", "NE002")
    before = served.rows()["progress_report"]
    with connected(served.address, token) as session:
        drawn = _form(session)
        for text in ("validated", "Réalisé et validé", "", "dropped"):
            status = next(widget for kind, widget in drawn.widgets.values() if kind == "radio")
            sound(session.set(id=status.id, string_value=text))
            sound(session.press(drawn.id_of("-send")))
    assert served.rows()["progress_report"] == before


def test_cells_that_the_table_does_not_open_stay_as_they_are(served: Served) -> None:
    _, token = served.person("focal_point", "NE002")
    before = served.rows()
    edits = {
        "edited_rows": {
            "0": {"ref": "A1-05 NE003", "text": CELL},
            "1": {"status": "<b>", "percent": 900, "as_of": "2099-01-01"},
        },
        "added_rows": [{"ref": "A1-05 NE003", "status": "Réalisé", "percent": 100}],
        "deleted_rows": [0],
    }
    with connected(served.address, token) as session:
        drawn = _table(session)
        table = drawn.id_of("-cells")
        sound(session.set(id=table, string_value=json.dumps(edits)))
        sound(session.press(drawn.id_of("-send")))
        # What Streamlit itself cannot read is an incident under a number.
        for damaged in (
            json.dumps({"edited_rows": {"99": {"status": "Réalisé"}}}),
            json.dumps({"edited_rows": {"0": {"entity": "NE003"}}}),
            '{"edited_rows": {"x": 1}}',
            '{"edited_rows": []}',
            "[]",
            "{",
        ):
            assert session.set(id=table, string_value=damaged).errors == []
            del session.states[table]
        after = served.rows()
        assert {key: after[key] for key in after.keys() - {"draft"}} == {
            key: before[key] for key in before.keys() - {"draft"}
        }
    # The positive control: a cell that is open, with what it offers, does make a report.
    _, honest = served.person("focal_point", "NE002")
    with connected(served.address, honest) as session:
        drawn = _table(session)
        open_cell = {"edited_rows": {"0": {"status": "Non démarré"}}}
        sound(session.set(id=drawn.id_of("-cells"), string_value=json.dumps(open_cell)))
        sound(session.press(drawn.id_of("-send")))
    assert len(served.rows()["progress_report"]) == len(before["progress_report"]) + 1
    assert CELL not in str(served.rows())


def test_a_table_keeps_the_cells_that_were_typed_and_no_others(served: Served) -> None:
    _, token = served.person("focal_point", "NE002")
    actor = who(served.store, token)
    first = ask_as(served.store, actor, MySpaceQuery(At(today()))).pressing[0].answer.assignment

    def kept() -> dict[str, str]:
        with served.store.read() as connection:
            mine = select(Draft.content).where(Draft.user_id == actor.user_id)
            return dict(connection.execute(mine).scalar_one())

    submit(served.store, actor, SaveDraft(first, {"note": "ancien", "status": "in_progress"}))
    with connected(served.address, token) as session:
        drawn = _table(session)
        table = drawn.id_of("-cells")
        # In another window, its form.
        submit(served.store, actor, SaveDraft(first, {"note": "plus récent"}, seen={"note": ("ancien",)}))
        sound(session.set(id=table, string_value='{"edited_rows": {"0": {"percent": 40}}}'))
        assert kept() == {"note": "plus récent", "status": "in_progress", "percent": "40"}
        both = '{"edited_rows": {"0": {"percent": 40, "note": "tapé ici même"}}}'
        told = sound(session.set(id=table, string_value=both))
        assert "autre fenêtre" in told
        assert "tapé ici même" in told
        assert "plus récent" in sound(session.press(drawn.id_of("-send")))
        assert kept()["note"] == "plus récent"
        # Left and opened again, the table has what is kept, and what was typed stays in sight.
        sound(session.open("methode"))
        assert "tapé ici même" in _table(session).text


def test_what_was_typed_into_a_table_after_its_sign_in_lapsed_is_in_sight_and_not_kept(
    served: Served,
) -> None:
    name, token = served.person("focal_point", "NE002")
    with connected(served.address, token) as session:
        drawn = _table(session)
        table = drawn.id_of("-cells")
        sound(session.set(id=table, string_value='{"edited_rows": {"0": {"note": "gardé avant"}}}'))
        _fall_silent(served, name, token)
        before = served.rows()
        both = {
            "0": {"note": "gardé avant", "percent": 40},
            "1": {"status": "En cours", "note": "tapé après"},
        }
        after = session.set(id=table, string_value=json.dumps({"edited_rows": both}))
        text = sound(after)
        assert OVER in text
        assert "Pas encore enregistré" in text
        for said in ("Pourcentage", "40", "État", "En cours", "Qu’a-t-on fait", "tapé après"):
            assert said in text
        assert "gardé avant" not in text
        assert served.rows()["draft"] == before["draft"]
        # Until whoever typed it has done with it; another sign-in is another session's.
        assert "tapé après" in sound(session.run())
        assert "tapé après" not in sound(session.press(after.id_of("unsent-clear")))
    with connected(served.address, served.person("focal_point", "NE002")[1], session.session_id) as other:
        assert "tapé après" not in sound(other.open("mon-espace"))


@pytest.mark.parametrize("revoke", [_fall_silent, _leave])
def test_what_was_typed_into_a_form_after_its_sign_in_lapsed_is_in_sight_for_nobody_else(
    served: Served, revoke: Any
) -> None:
    name, token = served.person("focal_point", "NE002")
    with connected(served.address, token) as session:
        drawn = _form(session)
        revoke(served, name, token)
        text = sound(session.set(id=drawn.id_of("-0-document"), string_value="PV du 12 juin"))
        assert OVER in text
        assert "PV du 12 juin" in text
        _, another = served.person("focal_point", "NE002")
        with connected(served.address, another, session.session_id) as other:
            assert "PV du 12 juin" not in sound(other.open("mon-espace"))


def _table(session: Session) -> Drawn:
    """Mon espace with its table opened."""
    drawn = session.open("mon-espace")
    drawn = session.set(id=drawn.id_of("table-shown"), bool_value=True)
    sound(drawn)
    return drawn


# Doors that are closed on a socket that is already open -------------------------------------------------


def test_an_open_socket_reads_nothing_once_public_reading_is_off(served: Served) -> None:
    _, administrator = served.person("administrator")
    with connected(served.address) as session:
        assert "Recommandations" in sound(session.open(""))
        submit(served.store, CONSOLE, ChangeSetting("public_reading", "off"))
        try:
            drawn = session.run()
            assert "demande de se connecter" in sound(drawn)
            assert drawn.widgets == {}
            for path in ("recommandations", "explorer", "methode", "regions"):
                with connected(served.address) as other:
                    closed = other.open(path)
                    assert "demande de se connecter" in sound(closed)
                    assert closed.widgets == {}
            with connected(served.address, administrator) as other:
                assert "Administration" in sound(other.open("administration"))
        finally:
            submit(served.store, CONSOLE, ChangeSetting("public_reading", "on"))


def test_an_open_socket_of_an_administrator_who_owes_a_second_factor(served: Served) -> None:
    _, token = served.person("administrator")
    with connected(served.address, token) as session:
        drawn = session.open("administration")
        sound(drawn)
        submit(served.store, CONSOLE, ChangeSetting("second_factor_for_administrators", "required"))
        try:
            before = served.rows()
            text = sound(session.run())
            assert "second facteur" in text
            assert 'href="/compte"' in text.replace('\\"', '"')
            buttons = [w.id for kind, w in drawn.widgets.values() if kind == "button"]
            for button in buttons:
                sound(session.press(button))
            assert served.rows() == before
        finally:
            submit(served.store, CONSOLE, ChangeSetting("second_factor_for_administrators", "optional"))
