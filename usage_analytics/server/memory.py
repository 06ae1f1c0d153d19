"""When unused memory is looked for: now and then, and not after every redraw of every tab, where it cost most of the time of a crowd."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from usage_analytics.store.memory import return_freed, share_freed

_EVERY_SECONDS: Final = 60


@asynccontextmanager
async def collecting() -> AsyncIterator[None]:
    """Collect garbage once a minute and return its memory. What is there for good, from before this, is not looked through."""
    share_freed()
    gc.collect()
    gc.freeze()

    async def every_minute() -> None:
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            gc.collect()
            return_freed()

    task = asyncio.create_task(every_minute())
    try:
        yield
    finally:
        task.cancel()
