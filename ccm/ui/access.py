"""What a reader is told who may not open a page, or whose sign-in is over: one sentence, and the way on."""

from urllib.parse import urlencode

import streamlit as st

from ccm.auth import refusal
from ccm.i18n import N_, translator
from ccm.render import Links, block
from ccm.ui.html import show
from ccm.ui.identity import Reader
from ccm.ui.unsent import show_unsent

_OVER = N_("Votre connexion a pris fin : reconnectez-vous pour continuer.")
_FOREIGN = N_("Cette page a été ouverte sous une autre connexion : rouvrez-la.")


def show_way_in(reader: Reader, path: str, locale: str, title: str | None = None) -> None:
    """Say why not, with the link that mends it; after signing in one is back on the same page.

    `title` is the page's where it is not shown at all. What was typed last and is not kept stands there.
    """
    t, links = translator(locale), Links(locale=locale)
    here = f"{path}?{urlencode(st.query_params.to_dict())}".rstrip("?")
    href: str | None
    if reader.foreign:
        sentence, href, label = t.gettext(_FOREIGN), here, t.gettext("Rouvrir la page")
    elif reader.over:
        sentence, href, label = t.gettext(_OVER), links.sign_in(here), t.gettext("Se connecter")
    else:
        error = refusal(reader.actor)
        sentence = t.gettext(error.message) % error.values
        href = links.sign_in(here) if reader.actor.anonymous else None
        label = t.gettext("Se connecter")
        if reader.actor.confined:
            href, label = links.to("/compte"), t.gettext("Ouvrir mon compte")
    show(block("access.html", locale, title=title, sentence=sentence, href=href, label=label))
    show_unsent(locale)
