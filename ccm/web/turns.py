"""Files that take work to make, few at a time: however many are asked for, memory and pages do not suffer."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ccm.domain.errors import CcmError
from ccm.i18n import N_
from ccm.render.pages import PageName
from ccm.web.refused_files import refused

#: How many are made at once, and how long the others wait for their turn, in seconds.
AT_ONCE, LONGEST = 2, 30.0
_FULL = N_("Beaucoup de fichiers se préparent, et le vôtre n'a pas été fait : redemandez-le dans une minute.")
_turns = asyncio.Semaphore(AT_ONCE)


def in_turn(
    answer: Callable[[Request], Response], page: PageName
) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint that answers when its turn has come; where it does not, 503 and the way to `page`."""

    async def endpoint(request: Request) -> Response:
        try:
            await asyncio.wait_for(_turns.acquire(), LONGEST)
        except TimeoutError:
            late = {"retry-after": "60"}
            return await run_in_threadpool(refused, request, CcmError(_FULL), 503, page, late)
        try:
            return await run_in_threadpool(answer, request)
        finally:
            _turns.release()

    return endpoint
