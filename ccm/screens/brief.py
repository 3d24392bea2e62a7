"""The session brief of a view: asked as its reader may, told in their language."""

import datetime as dt
from dataclasses import replace

from ccm.exports.brief.forms import Form, Told, file_name, written
from ccm.queries.brief import BriefQuery
from ccm.screens.view import View


def brief(view: View, form: Form, known_at: dt.datetime, address: str) -> tuple[str, bytes]:
    """The name of the file and its bytes; figures lead to their rows below `address`.

    A brief holds validated reports alone, whatever the view shows.
    """
    official = replace(view, provisional=False)
    found = official.ask(BriefQuery(official.at, official.before))
    told = Told(official.scope, known_at, official.locale, address)
    return file_name(form, told.scope), written(form, found, told)
