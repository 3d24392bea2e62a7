"""What stands in the light form of an answer: as it is kept, as it was sent, as far as it arrived."""

import secrets
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from ccm.commands.cells import told
from ccm.commands.drafts import CELLS, TEXTS, Seen
from ccm.commands.report_lines import ONLY_WITH
from ccm.domain.errors import Invalid, Problem
from ccm.domain.vocabulary import Status
from ccm.queries.answer_form import AnswerForm
from ccm.web.requests import field as typed_in


@dataclass
class Typed:
    """What stands in the form: cells, the texts its author has seen, what is wrong with them."""

    cells: dict[str, str] = field(default_factory=dict)
    seen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    base: int | None = None
    gesture: str = ""
    pieces: tuple[int, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)


def new_gesture() -> str:
    """The number of a gesture: sent twice, it is one."""
    return secrets.token_urlsafe(16)


def from_draft(form: AnswerForm) -> Typed:
    """What is kept of an answer that is not sent yet."""
    kept = form.draft.cells if form.draft else {}
    cells = {cell: kept.get(cell, "") for cell in CELLS} | {"link": "", "document": ""}
    base = form.draft.base_report_id if form.draft else form.base_report_id
    seen: Seen = {cell: ("", cells[cell]) for cell in TEXTS}
    if form.spoken_meanwhile:
        # It is shown beside one's own: to send is to have compared.
        base = form.spoken_meanwhile.id
    return Typed(cells, dict(seen), base, new_gesture(), tuple(piece.id for piece in form.evidence))


def from_form(posted: FormData) -> Typed:
    """What was sent."""
    cells = {cell: typed_in(posted, cell).replace("\r\n", "\n") for cell in (*CELLS, "link", "document")}
    cells |= {name: cells[name].strip() for name in ("link", "document")}
    seen: dict[str, tuple[str, ...]] = {
        cell: ("", typed_in(posted, f"seen-{cell}").replace("\r\n", "\n")) for cell in TEXTS
    }
    base = typed_in(posted, "base")
    pieces = [text for text in posted.getlist("evidence") if isinstance(text, str) and text.isdecimal()]
    return Typed(
        cells,
        seen,
        int(base) if base.isdecimal() and len(base) < 19 else None,
        typed_in(posted, "gesture")[:64] or new_gesture(),
        tuple(int(text) for text in pieces if len(text) < 19),
    )


def arrived(form: AnswerForm, posted: FormData) -> Typed:
    """What came of a form that was cut on its way; what did not come is as it is kept."""
    kept, sent = from_draft(form), from_form(posted)
    kept.cells |= {cell: text for cell, text in sent.cells.items() if cell in posted}
    # A text is its author's own: what they saw of others' came behind it, or is not known.
    kept.seen |= {cell: sent.seen[cell] for cell in TEXTS if cell in posted}
    if "base" in posted:
        kept.base = sent.base
    return kept


def refuse_unasked(typed: Typed, title: str) -> None:
    """Raise Invalid for a reason that the state does not ask for, which would be left out without a word.

    Without a script its field, of this title, is there whatever was chosen.
    """
    status = typed.cells["status"]
    if typed.cells["blocked_reason"].strip() and status in set(Status) - {Status.BLOCKED}:
        given = told(value=title, owner=Status.BLOCKED, status=Status(status))
        raise Invalid([Problem(ONLY_WITH, given, column="blocked_reason")])
