"""The register's filters: set with widgets, written to the address, which is what a page is drawn from.

The address holds stable codes; a widget bound to it by Streamlit would write its label there, in one
language. So each widget is given the address's value before it is drawn, and writes all of them back when
the reader changes one.
"""

from typing import Any

import streamlit as st

from ccm.i18n import Translator
from ccm.queries.filters import FilterOptions, Order
from ccm.render import FILTERS, written
from ccm.render.sentences import register as say
from ccm.screens.asked import ANSWERS, FLAGS, LONGEST_SEARCH, Asked, offered, titles
from ccm.ui.address import write
from ccm.ui.state import held, hold


class Widgets:
    """The widgets of one run of the register."""

    def __init__(self, asked: Asked, options: FilterOptions, t: Translator, locale: str) -> None:
        self.asked, self.t, self.locale = asked, t, locale
        self.offered, self.titles = offered(options, t), titles(t)

    def filters(self) -> None:
        """The search, the filters most used, and the others behind one button."""
        _ = self.t.gettext
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="ccm-filters"):
            st.text_input(
                _("Chercher"),
                placeholder=_("mots du texte ou du défi, nom d’un acteur"),
                key=_hold("q", self.asked.filters.q),
                on_change=_write,
                max_chars=LONGEST_SEARCH,
                icon=":material/search:",
                width=330,
            )
            self._select("axis", 160)
            self._select("region", 160)
            self._select("status", 210)
            with st.popover(_("Autres filtres"), icon=":material/tune:"):
                for field in ("entity", "challenge", "priority"):
                    self._select(field)
                self._flags(_("Seulement"))

    def view(self) -> None:
        """What a row is, and in which order the rows stand."""
        _ = self.t.gettext
        views = {"recommandations": _("Recommandations"), ANSWERS: _("Réponses, une à une")}
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="ccm-view"):
            st.segmented_control(
                _("Une ligne par"),
                list(views),
                format_func=views.__getitem__,
                key=_hold("vue", ANSWERS if self.asked.answers else "recommandations"),
                on_change=_write,
                required=True,
                label_visibility="collapsed",
            )
            orders = [order.value for order in Order]
            st.selectbox(
                _("Trier par"),
                orders,
                format_func=lambda code: say.order_name(Order(code), self.locale),
                placeholder=_("Choisir"),
                key=_hold("tri", self.asked.order.value),
                on_change=_write,
                label_visibility="collapsed",
                width=230,
            )

    def pages(self, page: int, pages: int) -> None:
        """The way from one page of rows to the others, where there are several."""
        if pages > 1:
            # Streamlit gives it a first page by itself, and warns of a value held under its key: each page
            # of the address has a control of its own instead.
            st.pagination(pages, default=page, key=f"registre-page-{page}", on_change=_turn, args=(page,))

    def _select(self, field: str, width: int | None = None) -> None:
        names = self.offered[field]
        st.selectbox(
            self.titles[field],
            list(names),
            format_func=names.__getitem__,
            placeholder=self.t.gettext("Choisir"),
            key=_hold(FILTERS[field], written(getattr(self.asked.filters, field))),
            on_change=_write,
            width=width or "stretch",
        )

    def _flags(self, text: str) -> None:
        st.pills(
            text,
            FLAGS,
            selection_mode="multi",
            format_func=lambda field: say.flag_name(field, self.locale),
            key=_hold("seulement", [field for field in FLAGS if getattr(self.asked.filters, field)]),
            on_change=_write,
        )


def _hold(name: str, value: object) -> str:
    """The key of a widget, which is given the address's value."""
    return hold(f"registre-{name}", value)


def _held(name: str) -> Any:
    return held(f"registre-{name}")


def _write() -> None:
    """Put what all widgets hold into the address: a slow line may have lost what the last one put there."""
    one = ("q", "axe", "defi", "priorite", "region", "institution", "statut")
    said = {name: _held(name) or "" for name in one}
    said |= {FILTERS[field]: "1" if field in (_held("seulement") or ()) else "" for field in FLAGS}
    said["vue"] = ANSWERS if _held("vue") == ANSWERS else ""
    said["tri"] = "" if _held("tri") == Order.SOURCE else _held("tri") or ""
    write(**said, page="")


def _turn(shown: int) -> None:
    page = _held(f"page-{shown}") or 1
    write(page="" if page == 1 else str(page))
