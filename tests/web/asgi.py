"""Asking an ASGI application without a server."""

import asyncio
from typing import Any

import httpx
from starlette.applications import Starlette

from ccm import web


def application(*own: Any) -> Starlette:
    """The least application there is, with our routes and middleware, and these routes beside them."""
    return Starlette(routes=[*web.routes(), *own], middleware=web.middleware())


def ask(
    app: Starlette, path: str, method: str = "GET", headers: dict[str, str] | None = None
) -> httpx.Response:
    """The answer to one request; redirections are not followed."""

    async def request() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.request(method, f"http://testserver{path}", headers=headers)

    return asyncio.run(request())
