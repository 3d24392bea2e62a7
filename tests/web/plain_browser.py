"""A browser without a script: it keeps cookies, fills in the forms it was shown, follows no redirection."""

import asyncio
import re
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.applications import Starlette

from tests.support.accounts import DIFFA, PASSWORD

HOST = "http://testserver"


class Browser:
    """Keeps cookies, fills in the forms it was shown, follows no redirection."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self.cookies = httpx.Cookies()
        self.last = httpx.Response(200)

    def send(self, method: str, path: str, **given: Any) -> httpx.Response:
        async def request() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=("192.0.2.1", 40000))
            async with httpx.AsyncClient(transport=transport, base_url=HOST, cookies=self.cookies) as client:
                return await client.request(method, path, **given)

        answer = asyncio.run(request())
        self.cookies.update(answer.cookies)
        for cookie in answer.headers.get_list("set-cookie"):
            if "Max-Age=0" in cookie:
                self.cookies.delete(cookie.partition("=")[0])
        self.last = answer
        return answer

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Open a page, as one clicks on a link."""
        return self.send("GET", path, headers={"accept": "text/html", **headers})

    def fill(self, action: str = "", **fields: str) -> httpx.Response:
        """Send the form of the last page whose address is `action` (or the page's own), filled in."""
        forms = re.findall(
            r'<form method="post"(?: action="([^"]*)")?[^>]*>(.*?)</form>', self.last.text, re.DOTALL
        )
        wanted = next(
            (found, inside) for found, inside in forms if urlsplit(found).path in (action, "") or not action
        )
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)"[^>]* value="([^"]*)">', wanted[1]))
        path = wanted[0].replace("&amp;", "&") or self.last.request.url.raw_path.decode()
        return self.post(path, **{**hidden, **fields})

    def post(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> httpx.Response:
        """Send a form as our own page does."""
        return self.send("POST", path, data=fields, headers={"origin": HOST, **(headers or {})})

    def sign_in(
        self, name: str = DIFFA, path: str = "/connexion", password: str = PASSWORD
    ) -> httpx.Response:
        """Open the form to sign in, and send it."""
        self.get(path)
        return self.fill("/connexion", identifier=name, password=password, code="")
