"""A reader that speaks the protocol of the pages' socket, honestly or not."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol


@dataclass
class Drawn:
    """What one run drew: HTML and texts, errors, and each widget by the text of its label."""

    texts: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    widgets: dict[str, tuple[str, Any]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All that a reader could read of it."""
        return " ".join(self.texts)

    def id_of(self, label: str) -> str:
        """The id of the one widget whose label or key ends so."""
        found = [widget.id for name, (_, widget) in self.widgets.items() if name.endswith(label)]
        assert len(found) == 1, f"{label}: {sorted(self.widgets)}"
        identifier: str = found[0]
        return identifier


class Session:
    """One socket, on one page."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.session_id = ""
        self.page_hash = ""
        self.query = ""
        self.states: dict[str, WidgetState] = {}

    def open(self, page: str, **parameters: str) -> Drawn:
        """Open a page, as an address that is typed."""
        self.query, self.page_hash, self.states = urlencode(parameters), "", {}
        return self.run(page=page)

    def set(self, **value: Any) -> Drawn:
        """Give one widget a value, whatever its kind, and run: `set(id=…, string_value=…)`."""
        return self.run(WidgetState(**value))

    def press(self, identifier: str) -> Drawn:
        """Press a button."""
        return self.run(WidgetState(id=identifier, trigger_value=True))

    def run(self, *changed: WidgetState, page: str = "", **other: Any) -> Drawn:
        """Run the page with these widgets changed; `other` are fields of the message as they are."""
        states = {**self.states, **{state.id: state for state in changed}}
        self.states = {key: state for key, state in states.items() if not state.trigger_value}
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string, rerun.page_name = self.query, page
        rerun.page_script_hash = other.pop("page_script_hash", "" if page else self.page_hash)
        rerun.widget_states.widgets.extend(states.values())
        for name, value in other.items():
            setattr(rerun, name, value)
        self.socket.send(message.SerializeToString())
        return self._drawn()

    def whisper(self, **fields: Any) -> None:
        """Send a frame that may get no answer at all."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page_hash
        for name, value in fields.items():
            setattr(message.rerun_script, name, value)
        self.socket.send(message.SerializeToString())

    def _drawn(self) -> Drawn:
        drawn = Drawn()
        while True:
            data = self.socket.recv(timeout=60)
            assert isinstance(data, bytes)
            answer = ForwardMsg()
            answer.ParseFromString(data)
            kind = answer.WhichOneof("type")
            self._take(drawn, kind, answer)
            if kind == "script_finished" and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return drawn

    def _take(self, drawn: Drawn, kind: str | None, answer: ForwardMsg) -> None:
        if kind == "new_session":
            self.session_id = answer.new_session.initialize.session_id
            self.page_hash = answer.new_session.page_script_hash
        elif kind == "navigation":
            self.page_hash = answer.navigation.page_script_hash
            pages = answer.navigation.app_pages
            drawn.pages = {page.url_pathname: page.page_script_hash for page in pages}
        elif kind == "delta":
            _note(drawn, answer.delta)
        elif kind == "session_event" and answer.session_event.script_compilation_exception.type:
            drawn.errors.append(str(answer.session_event))


def _note(drawn: Drawn, delta: Any) -> None:
    if delta.WhichOneof("type") == "add_block":
        drawn.texts.append(str(delta.add_block))
        return
    kind = delta.new_element.WhichOneof("type")
    if kind is None:
        return
    element = getattr(delta.new_element, kind)
    drawn.texts.append(str(element))
    if kind == "exception":
        drawn.errors.append(str(element))
    identifier = getattr(element, "id", "")
    if identifier:
        label = getattr(element, "label", "")
        # A keyed widget's id ends on its key.
        key = re.sub(r"^\$\$ID-[0-9a-f]+-", "", identifier)
        drawn.widgets[f"{label}|{'' if key == 'None' else key}"] = (kind, element)


@contextmanager
def connected(
    address: str, token: str | None = None, session_id: str = "", **headers: str
) -> Iterator[Session]:
    """A socket opened with this cookie, asking for that session back where one is named."""
    here = urlsplit(address).netloc
    protocols = ["streamlit", "none", session_id] if session_id else ["streamlit"]
    cookies = {"Cookie": f"ccm_session={token}"} if token else {}
    with connect(
        f"ws://{here}/_stcore/stream",
        subprotocols=[Subprotocol(protocol) for protocol in protocols],
        origin=f"http://{here}",  # type: ignore[arg-type]
        additional_headers={**cookies, **headers},
        max_size=None,
        compression=None,
    ) as socket:
        yield Session(socket)
