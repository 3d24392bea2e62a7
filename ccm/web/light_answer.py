"""One answer as a plain form: kept, proved, handed in, without a script."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ccm.auth import Actor
from ccm.commands import submit
from ccm.commands.answer import SpokenMeanwhile, SubmitReport, line_of
from ccm.commands.drafts import CELLS, TEXTS, DiscardDraft, OtherTexts, SaveDraft
from ccm.commands.evidence import AddEvidence, RemoveEvidence, keep_file
from ccm.domain.errors import CcmError, Conflict, Invalid, NotAllowed, NotFound, problems_of
from ccm.domain.labels import label
from ccm.domain.vocabulary import (
    ON_BEHALF,
    BlockedCause,
    DroppedKind,
    EvidenceKind,
    Nature,
    ReportOrigin,
    ReportState,
)
from ccm.i18n import N_
from ccm.queries.answer_form import AnswerForm, AnswerFormQuery
from ccm.queries.ask import ask_as
from ccm.queries.my_space import MySpaceQuery
from ccm.render.pages import PAGES
from ccm.render.sentences import answer_form as say
from ccm.screens import View, view
from ccm.web import requests
from ccm.web.drawing import Drawn
from ccm.web.light_document import UNKNOWN_BUTTON, over, private_page
from ccm.web.light_typed import Typed, arrived, from_draft, from_form, new_gesture, refuse_unasked
from ccm.web.requests import actor_of, csrf_token, field as typed_in, refuse_forged_form

PAGE = PAGES["answer"]
_SCALE = (0, 25, 50, 75)
#: The fields that say what is wrong with them, as they follow each other.
_FIELDS = (
    "origin",
    "status",
    "percent",
    "blocked_reason",
    "blocked_cause",
    "blocked_by",
    "dropped_kind",
    "as_of",
    "note",
    "evidence",
)
_CUT = N_(
    "L'envoi a été coupé en route et rien n'a été enregistré : relisez ci-dessous ce qui est arrivé, "
    "choisissez de nouveau le fichier s'il y en avait un, puis renvoyez."
)
_KEPT = N_("Brouillon gardé.")
_ADDED = N_("Preuve ajoutée.")
_REMOVED = N_("Preuve retirée.")
_DISCARDED = N_("Brouillon effacé.")
_DONE = {"garde": _KEPT, "preuve": _ADDED, "retire": _REMOVED, "efface": _DISCARDED}


def answer_page(request: Request) -> Response:
    """The form of the answer that the address names; or, once it is sent, what comes next."""
    seen = view(requests.store(), actor_of(request), request.query_params, light=True)
    form = ask_as(seen.store, seen.actor, AnswerFormQuery(_assignment(request), seen.at))
    said = request.query_params.get("fait", "")
    if said == "envoye":
        return _sent(request, seen, form)
    # After a step back the address still says what was done to a draft that is sent, and no more.
    told = seen._(_DONE[said]) if said in _DONE and (form.draft or form.evidence or said == "efface") else ""
    return _drawn(request, seen, form, from_draft(form), said=told)


def answer_post(request: Request, posted: FormData) -> Response:
    """What a button of the form does; where it cannot be done, the form again with all that was typed."""
    actor, do = actor_of(request), typed_in(posted, "do")
    if not do:
        # Every button has a name, and comes last.
        return answer_cut(request, posted)
    if not actor.signed_in:
        return over(request, posted)
    seen = view(requests.store(), actor, request.query_params, light=True)
    form = ask_as(seen.store, actor, AnswerFormQuery(_assignment(request), seen.at))
    typed = from_form(posted)
    try:
        refuse_forged_form(request, posted, shown_again=True)
        done = _do(seen, actor, form, typed, do, posted)
    except CcmError as error:
        _refused(seen, actor, form, typed, error)
        form = ask_as(seen.store, actor, AnswerFormQuery(_assignment(request), seen.at))
        return _drawn(request, seen, form, typed, status=422)
    links = seen.links.to(PAGE.path, engagement=form.answer.assignment, fait=done)
    return RedirectResponse(links + ("#preuve" if done in ("preuve", "retire") else ""), 303)


def answer_cut(request: Request, posted: FormData) -> Response:
    """A form whose sending was cut: nothing is done, and what arrived of it stands in the form again."""
    actor = actor_of(request)
    if not actor.signed_in:
        return over(request, posted)
    seen = view(requests.store(), actor, request.query_params, light=True)
    form = ask_as(seen.store, actor, AnswerFormQuery(_assignment(request), seen.at))
    typed = arrived(form, posted)
    typed.problems = problems_of(CcmError(_CUT))
    return _drawn(request, seen, form, typed, status=422)


def _assignment(request: Request) -> str:
    return request.query_params.get("engagement", "")


def _do(seen: View, actor: Actor, form: AnswerForm, typed: Typed, do: str, posted: FormData) -> str:
    """Carry out one button; what became of it, in short, for the address."""
    store, assignment = seen.store, form.answer.assignment
    if do == "discard":
        submit(store, actor, DiscardDraft(assignment))
        return "efface"
    if not (do in ("send", "keep", "add") or do.startswith("remove-")):
        raise CcmError(UNKNOWN_BUTTON)
    if do == "send" and not _brings(typed, posted) and _is_sent(form, typed, actor):
        return "envoye"
    if do == "send":
        refuse_unasked(typed, seen._("Qu’est-ce qui bloque ?"))
    added = _add(seen, actor, assignment, typed, posted)
    if do == "send":
        submit(store, actor, _report(form, typed, (*typed.pieces, *added)), key=typed.gesture)
        return "envoye"
    submit(store, actor, _draft(form, typed))
    if do.startswith("remove-") and do[7:].isdecimal():
        submit(store, actor, RemoveEvidence(int(do[7:])))
        return "retire"
    return "preuve" if added else "garde"


def _brings(typed: Typed, posted: FormData) -> bool:
    """Whether the form brings evidence, which is never thrown away as already sent."""
    upload = posted.get("file")
    return bool(typed.cells["link"] or typed.cells["document"]) or bool(getattr(upload, "filename", ""))


def _is_sent(form: AnswerForm, typed: Typed, actor: Actor) -> bool:
    """Whether this answer, or one that says more, waits already.

    After a step back a browser fills in what was sent, but for the texts of a draft that is no more.
    """
    last = form.reports[0] if form.reports else None
    if last is None or last.author != actor.name or last.state is not ReportState.SUBMITTED:
        return False
    line = line_of(form.answer.assignment, Nature(form.answer.nature), typed.cells)
    said = (
        (line.status, (last.status.value,)),
        (line.percent, ("" if last.percent is None else str(last.percent), "")),
        (line.as_of, (last.as_of.isoformat(),)),
        (line.note.strip(), (last.note.strip(), "")),
        (line.blocked_reason.strip(), (last.blocked_reason.strip(), "")),
    )
    return all(given in known for given, known in said)


def _add(seen: View, actor: Actor, assignment: str, typed: Typed, posted: FormData) -> list[int]:
    """Put what the form brings beside the answer: a file, an address, the name of a document; their ids."""
    commands: dict[str, AddEvidence] = {}
    upload = posted.get("file")
    if isinstance(upload, UploadFile) and upload.filename:
        content = upload.file.read()
        commands["file"] = keep_file(seen.store, actor, assignment, upload.filename, content)
    if url := typed.cells["link"]:
        commands["link"] = AddEvidence(assignment, EvidenceKind.LINK, url, url=url)
    if name := typed.cells["document"]:
        commands["document"] = AddEvidence(assignment, EvidenceKind.DOCUMENT, name)
    added = []
    for what, command in commands.items():
        added.append(submit(seen.store, actor, command, key=f"{typed.gesture}-{what}"))
        # It is there: sent again with what was wrong mended, it would be there twice.
        typed.cells[what] = ""
    return added


def _report(form: AnswerForm, typed: Typed, pieces: tuple[int, ...]) -> SubmitReport:
    origin = typed.cells["origin"]
    on_behalf = origin in {code.value for code in ON_BEHALF}
    return SubmitReport(
        line_of(form.answer.assignment, Nature(form.answer.nature), typed.cells),
        typed.base,
        pieces,
        ReportOrigin(origin) if on_behalf else ReportOrigin.PORTAL,
        typed.seen,
    )


def _draft(form: AnswerForm, typed: Typed, without: Mapping[str, str] = {}) -> SaveDraft:
    cells = {cell: typed.cells[cell] for cell in CELLS if cell not in without}
    base = form.draft.base_report_id if form.draft else typed.base
    return SaveDraft(form.answer.assignment, cells, base, typed.seen)


def _refused(seen: View, actor: Actor, form: AnswerForm, typed: Typed, error: CcmError) -> None:
    """Note what is wrong, and keep what was typed as the draft, as far as it can be kept."""
    if isinstance(error, OtherTexts):
        typed.others = dict(error.texts)
    if isinstance(error, SpokenMeanwhile):
        typed.base = error.report_id
    typed.problems += problems_of(error)
    # What is wrong with a gesture is mended by a new one.
    typed.gesture = new_gesture()
    if isinstance(error, NotAllowed | NotFound):
        return
    try:
        submit(seen.store, actor, _draft(form, typed, without=typed.others))
        # What is kept now is what the form shows: to change it there is nobody else's change.
        typed.seen |= {cell: (*typed.seen.get(cell, ()), typed.cells[cell]) for cell in TEXTS}
    except Conflict:
        # Another window of the same person holds other texts: both are shown, neither is lost.
        kept = form.draft.cells if form.draft else {}
        others = {cell: kept[cell] for cell in TEXTS if kept.get(cell)}
        typed.others = {cell: text for cell, text in others.items() if text != typed.cells[cell]}
    except CcmError as problem:
        if problem is not error and not isinstance(error, Invalid):
            typed.problems += problems_of(problem)
    for cell, text in typed.others.items():
        typed.seen[cell] = (*typed.seen.get(cell, ()), text)


def _sent(request: Request, seen: View, form: AnswerForm) -> Response:
    following = None
    if not form.on_behalf:
        pressing = ask_as(seen.store, seen.actor, MySpaceQuery(seen.at)).pressing
        following = next((due for due in pressing if due.answer.assignment != form.answer.assignment), None)
    parts = (
        seen.frame.block("answer_head.html", form=form),
        seen.frame.block("answer_sent.html", following=following),
        seen.frame.block("answer_history.html", form=form),
    )
    return private_page(request, seen, PAGE, Drawn(parts, form.answer.recommendation, ("engagement",)))


def _drawn(
    request: Request, seen: View, form: AnswerForm, typed: Typed, said: str = "", status: int = 200
) -> Response:
    parts = (
        seen.frame.block("answer_head.html", form=form),
        seen.frame.block("light_answer.html", **_context(request, seen, form, typed, said)),
        seen.frame.block("answer_history.html", form=form),
    )
    drawn = Drawn(parts, form.answer.recommendation, ("engagement",), status)
    return private_page(request, seen, PAGE, drawn)


def _context(request: Request, seen: View, form: AnswerForm, typed: Typed, said: str) -> dict[str, Any]:
    locale, t = seen.locale, seen.translator
    mend = say.to_mend(typed.problems, form.today, locale)
    left = say.left_to_mend(mend, locale)
    theirs = form.spoken_meanwhile if form.draft else None
    usual = min(seen.facts.default_date, form.today).isoformat()
    parameters = urlencode({"engagement": form.answer.assignment, **seen.links.shared()})
    return {
        "form": form,
        "values": {**typed.cells, "as_of": typed.cells.get("as_of") or usual},
        "seen": {cell: typed.seen.get(cell, ("",))[-1] for cell in TEXTS},
        "base": typed.base,
        "gesture": typed.gesture,
        "csrf": csrf_token(request),
        "action": f"{PAGE.light_path}?{parameters}",
        "mend": {column: text for column, text in mend.items() if column},
        "said": mend.get("") or left or said,
        "done": not mend,
        "wrong": "" if "" in mend else next((column for column in _FIELDS if column in mend), ""),
        "kept": say.kept(form.draft.updated_at, form.today, locale) if form.draft else None,
        "conflict": (theirs, say.mine(typed.cells, locale)) if theirs else None,
        "others": [(text, typed.cells[cell]) for cell, text in typed.others.items()],
        "statuses": [(code.value, *say.choice(code, locale)) for code in say.ASKED if code in form.statuses],
        "steps": [(percent, *say.step(percent, locale)) for percent in _steps(form, typed)],
        "origins": [(code.value, label(code, t), "") for code in ON_BEHALF],
        "causes": [(code.value, label(code, t)) for code in BlockedCause],
        "kinds": [(code.value, label(code, t), "") for code in DroppedKind],
        "lifters": [(entity.key, entity.short_name) for entity in form.lifters],
    }


def _steps(form: AnswerForm, typed: Typed) -> list[int]:
    """The scale, and what was typed elsewhere beside it."""
    if form.answer.nature is not Nature.FINITE:
        return []
    kept = typed.cells.get("percent", "")
    own = {int(kept)} if kept.isascii() and kept.isdigit() and len(kept) <= 2 else set()
    return sorted({*_SCALE, *own})
