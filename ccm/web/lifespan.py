"""What happens when the server starts and stops."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from ccm.commands.one_time_links import first_administrator_code
from ccm.commands.process_store import process_store
from ccm.config import ROOT, settings
from ccm.domain.errors import CcmError
from ccm.web.static import missing

_log = logging.getLogger("ccm")
#: Seconds between two full collections; Streamlit's own, after every run, is switched off.
_COLLECT_EVERY = 60.0


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Freeze what start-up loaded, and collect the rest once a minute instead of after every run."""
    # What is loaded at start stays for good: out of the collector's sight, each pass is shorter.
    gc.collect()
    gc.freeze()
    _tell_first_code()
    preparing = await _prepare_files()
    collecting = asyncio.create_task(_collect())
    try:
        yield
    finally:
        if preparing and preparing.returncode is None:
            preparing.terminate()
        collecting.cancel()
        with suppress(asyncio.CancelledError):
            await collecting


def _tell_first_code() -> None:
    """Print the code that makes the first administrator, on the console and nowhere else.

    A store that cannot be written, or opened, is told of by the pages themselves.
    """
    try:
        code = first_administrator_code(process_store(settings().store))
    except CcmError as error:
        _log.warning("pas de code pour un premier compte : %s", error)
        return
    if code:
        print(
            f"Aucun compte d'administration : ouvrez /premier-compte et donnez le code {code} "
            "(il sert une fois, pendant une heure).",
            flush=True,
        )


async def _prepare_files() -> asyncio.subprocess.Process | None:
    """Have Streamlit's files compressed where they are not, beside the first readers, and not before them."""
    if not missing():
        return None
    command = (sys.executable, "-m", "ccm.web.compressed_files")
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT)


async def _collect() -> None:
    while True:
        await asyncio.sleep(_COLLECT_EVERY)
        gc.collect()
