"""A reminder to hand over: as a file that a mail program opens, and as a letter to print."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ccm.domain.dates import local_time, utc_now
from ccm.domain.errors import Conflict, NotAllowed, NotFound
from ccm.metrics import At
from ccm.queries.ask import ask, ask_as
from ccm.queries.reminder import Reminded, ReminderQuery
from ccm.queries.scope import store_query
from ccm.queries.silence import Person
from ccm.render import Links
from ccm.render.sentences import reminders as say
from ccm.web import requests
from ccm.web.documents import document
from ccm.web.requests import actor_of, locale_of, origin_of, sentence

_PRIVATE = {"cache-control": "private, no-store"}


def routes() -> list[Route]:
    """The addresses of the mail file and of the letter."""
    return [
        Route("/relance.eml", reminder, methods=["GET"]),
        Route("/relance.html", reminder, methods=["GET"]),
    ]


def reminder(request: Request) -> Response:
    """The reminder of one entity, in the form that the address ends with."""
    found = _found(request)
    if isinstance(found, Response):
        return found
    text = say.whole(found, f"{origin_of(request)}/mon-espace")
    if request.url.path.endswith(".html"):
        return document(
            request, "reminder_letter.html", reminded=found, subject=say.subject(found), text=text
        )
    name = f"relance-{found.entity.key}.eml"
    headers = {**_PRIVATE, "content-disposition": f'attachment; filename="{name}"'}
    return Response(_mail(found, text).as_bytes(), media_type="message/rfc822", headers=headers)


def _found(request: Request) -> Reminded | Response:
    """The reminder that is asked for, as of today, or why there is none."""
    store, asked, actor = requests.store(), request.query_params, actor_of(request)
    facts = ask(store, store_query())
    at = At(facts.default_date, fresh_days=facts.fresh_days)
    try:
        found = ask_as(store, actor, ReminderQuery(at, asked.get("acteur", ""), asked.get("periode")))
    except NotAllowed as error:
        if not actor.signed_in:
            return RedirectResponse(Links(locale=locale_of(request)).sign_in(), 303, headers=_PRIVATE)
        return sentence(request, error, 403, _PRIVATE)
    if found is None:
        return sentence(request, NotFound("Cet acteur n'est pas connu."), 404, _PRIVATE)
    if not found.period.key:
        return sentence(request, Conflict("Aucune période n'est ouverte : ouvrez-en une."), 409, _PRIVATE)
    return found


def _mail(found: Reminded, text: str) -> EmailMessage:
    """A draft: it has no sender, and mail programs open it ready to be sent."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = say.subject(found)
    to = [address for person in found.people if (address := _address(person))]
    if to:
        mail["To"] = to
    mail["Date"] = format_datetime(local_time(utc_now()))
    mail["X-Unsent"] = "1"
    mail.set_content(text)
    return mail


def _address(person: Person) -> Address | None:
    """Where a person's mail goes; None where no mail program would take it: the page shows it as typed."""
    try:
        return Address(person.full_name, addr_spec=person.email) if person.email else None
    except (HeaderParseError, ValueError):
        return None
