"""A reminder as a mail file, to be opened, checked and sent by the Secretariat's own mail program."""

from email.message import EmailMessage
from email.policy import SMTP

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from ccm.domain.errors import CcmError
from ccm.metrics import At
from ccm.queries.ask import ask, ask_as
from ccm.queries.scope import store_query
from ccm.queries.silence import ReminderQuery
from ccm.render.sentences import reminders as say
from ccm.web import requests
from ccm.web.requests import actor_of


def routes() -> list[Route]:
    """The one address of mail files."""
    return [Route("/relance.eml", reminder, methods=["GET"])]


async def reminder(request: Request) -> Response:
    """The mail to the focal points of one entity."""
    return await run_in_threadpool(_reminder, request)


def _reminder(request: Request) -> Response:
    store, asked = requests.store(), request.query_params
    facts = ask(store, store_query())
    at = At(facts.default_date, fresh_days=facts.fresh_days)
    try:
        query = ReminderQuery(at, asked.get("acteur", ""), asked.get("periode"))
        reminded = ask_as(store, actor_of(request), query)
    except CcmError:
        return RedirectResponse("/connexion", 303)
    if reminded is None:
        return PlainTextResponse("Cet acteur n'est pas connu.", 404)
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = say.subject(reminded)
    mail["To"] = ", ".join(person.email for person in reminded.people if person.email)
    mail["X-Unsent"] = "1"
    mail.set_content(say.whole(reminded, str(request.base_url) + "mon-espace"))
    name = f"relance-{reminded.entity.key}.eml"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "private, no-store",
    }
    return Response(mail.as_bytes(), media_type="message/rfc822", headers=headers)
