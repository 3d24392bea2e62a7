"""The session brief of a view: asked as its reader may, told in their language."""

from collections.abc import Mapping
from dataclasses import replace

from ccm.auth import Action, require
from ccm.domain.dates import utc_now
from ccm.exports.brief.forms import Form, Told, file_name, written
from ccm.queries.brief import BriefQuery
from ccm.screens.refusal import require_understood
from ccm.screens.view import View


def brief(view: View, form: Form, parameters: Mapping[str, str], address: str) -> tuple[str, bytes]:
    """The name of the file and its bytes; figures lead to their rows below `address`.

    A brief holds validated reports alone, whatever the view shows: what was known of them at an instant,
    where one is given, so that a brief that was handed out comes out again.
    Raises CcmError where the address asks for what means nothing, NotAllowed for whoever may not read.
    """
    require(view.actor, Action.READ_VALIDATED)
    require_understood(view, parameters)
    official = replace(view, provisional=False)
    found = official.ask(BriefQuery(official.at, official.before))
    told = Told(official.scope, official.choice.known_at or utc_now(), official.locale, address)
    return file_name(form, told.scope, official.locale), written(form, found, told)
