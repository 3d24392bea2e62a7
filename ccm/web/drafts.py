"""Where a half-typed text goes: kept as the draft of whoever types, told back when it was."""

import json
import logging
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ccm.commands import submit
from ccm.commands.drafts import CELLS, SaveDraft
from ccm.commands.sign_in import touch
from ccm.domain.dates import today, utc_now
from ccm.domain.errors import CcmError, Invalid, NotAllowed, StoreUnavailable
from ccm.i18n import Translator, translator
from ccm.render.sentences.answer_form import kept
from ccm.web import requests
from ccm.web.requests import TooLarge, actor_of, body_of, locale_of, refuse_forged

_log = logging.getLogger("ccm")
_LARGEST = 256 * 1024
_REFUSED: dict[type[CcmError], int] = {NotAllowed: 403, TooLarge: 413, StoreUnavailable: 503}


def routes() -> list[Route]:
    """The one address of drafts."""
    return [Route("/brouillon", keep_draft, methods=["POST"])]


async def keep_draft(request: Request) -> Response:
    """`{"assignment", "cells": {column: text}, "base", "seen": {column: [text]}}`; answers `{"message"}`."""
    t = translator(locale_of(request))
    try:
        refuse_forged(request, request.headers.get("x-csrf-token", ""))
        command = _read(await body_of(request, _LARGEST))
        await run_in_threadpool(_keep, request, command)
    except CcmError as error:
        status = next((status for kind, status in _REFUSED.items() if isinstance(error, kind)), 409)
        if isinstance(error, StoreUnavailable):
            _log.error("%s", error)
        return JSONResponse({"message": _said(error, t)}, status)
    return JSONResponse({"message": kept(utc_now(), today(), locale_of(request))})


def _said(error: CcmError, t: Translator) -> str:
    if isinstance(error, Invalid):
        told = [problem.said(t) for problem in error.problems]
        return " ".join(f"{one[:1].upper()}{one[1:]}." for one in told)
    message = t.gettext(error.message)
    return message % error.values if error.values else message


def _keep(request: Request, command: SaveDraft) -> None:
    """Keep it. Whoever types is active, though their page asks for nothing."""
    store, actor = requests.store(), actor_of(request)
    submit(store, actor, command)
    touch(store, actor)


def _read(body: bytes) -> SaveDraft:
    """The command a body asks for; raises CcmError for anything that our component does not send."""
    try:
        given: Any = json.loads(body)
        assignment, cells, base = given["assignment"], given["cells"], given.get("base")
        texts = isinstance(assignment, str) and isinstance(cells, dict) and cells.keys() <= set(CELLS)
        if not texts or not all(isinstance(text, str) for text in cells.values()):
            raise ValueError("not cells")
        if not (base is None or (isinstance(base, int) and 0 < base < 2**63)):
            raise ValueError("not a report")
        seen = {name: tuple(texts) for name, texts in given.get("seen", {}).items()}
        if not all(isinstance(text, str) for texts in seen.values() for text in texts):
            raise ValueError("not texts")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CcmError(
            "Ce brouillon n'a pas pu être lu : rouvrez la page, votre texte est gardé ici."
        ) from error
    return SaveDraft(assignment, cells, base_report_id=base, seen=seen)
