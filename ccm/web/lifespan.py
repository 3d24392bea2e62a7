"""What happens when the server starts and stops."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

#: Seconds between two full collections; Streamlit's own, after every run, is switched off.
_COLLECT_EVERY = 60.0


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Freeze what start-up loaded, and collect the rest once a minute instead of after every run."""
    # What is loaded at start stays for good: out of the collector's sight, each pass is shorter.
    gc.collect()
    gc.freeze()
    collecting = asyncio.create_task(_collect())
    try:
        yield
    finally:
        collecting.cancel()
        with suppress(asyncio.CancelledError):
            await collecting


async def _collect() -> None:
    while True:
        await asyncio.sleep(_COLLECT_EVERY)
        gc.collect()
