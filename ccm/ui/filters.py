"""The register's filters: read from the address, set with widgets, written back to the address.

The address holds stable codes and is what a page is drawn from; a widget bound to it by Streamlit would
write its label there, in one language. So each widget is given the address's value before it is drawn,
and writes all of them back when the reader changes one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from ccm.domain.labels import label
from ccm.domain.vocabulary import EntityKind, Status
from ccm.i18n import Translator
from ccm.queries.filters import EVERYTHING, FilterOptions, Movement, Order, Outcome, RegisterFilters
from ccm.render import FILTERS, REGISTER, Links, written
from ccm.render.environment import excerpt
from ccm.render.sentences import register as say
from ccm.render.sentences.words import short_key
from ccm.ui.address import write
from ccm.ui.state import held, hold

ANSWERS = "reponses"
_FLAGS = ("overdue", "unassigned", "doubtful", "continuous", "answered", "fresh")
#: What the key of a recommendation may be made of, whatever an address says.
KEY = re.compile(r"[A-Z0-9-]{1,64}")
_LONGEST_SEARCH = 200
_YES, _NO = ("1", "true", "oui"), ("", "0", "false", "non")


@dataclass(frozen=True)
class Asked:
    """What an address asks of the register; `unknown` are its (name, value) pairs that mean nothing."""

    filters: RegisterFilters = EVERYTHING
    answers: bool = False
    order: Order = Order.SOURCE
    page: int = 1
    unknown: tuple[tuple[str, str], ...] = ()

    def query(self) -> dict[str, str]:
        """The parameters that say the same; what is left at its default is left out."""
        said = {name: written(getattr(self.filters, field)) for field, name in FILTERS.items()}
        said |= {
            "vue": ANSWERS if self.answers else "",
            "tri": "" if self.order is Order.SOURCE else self.order.value,
            "page": "" if self.page == 1 else str(self.page),
        }
        return {name: value for name, value in said.items() if value}

    def href(self, links: Links) -> str:
        """The address of this view."""
        return links.to(REGISTER, **self.query())

    def without(self, *fields: str) -> "Asked":
        """The same, from its first page, without some filters."""
        taken_off: dict[str, Any] = {field: getattr(EVERYTHING, field) for field in fields}
        return replace(self, filters=replace(self.filters, **taken_off), page=1)


def read(parameters: Mapping[str, str], options: FilterOptions, compared: bool = True) -> Asked:
    """What the parameters of an address ask for, checked against what there is.

    `compared`: whether the page has a date to compare with, without which nothing is said to have moved.
    """
    unknown: list[tuple[str, str]] = []

    def known(name: str, accepted: Sequence[str]) -> str | None:
        value = parameters.get(name, "").strip()
        if value and value not in accepted:
            unknown.append((name, value))
        return value if value in accepted and value else None

    def several(name: str, accepted: Sequence[str]) -> list[str]:
        values = [value for value in parameters.get(name, "").strip().split(",") if value]
        unknown.extend((name, value) for value in values if value not in accepted)
        return [value for value in accepted if value in values]

    def flag(name: str) -> bool:
        value = parameters.get(name, "").strip().lower()
        if value not in (*_YES, *_NO):
            unknown.append((name, value))
        return value in _YES

    regions = [entity.key for entity in options.regions]
    everybody = [*regions, *(entity.key for entity in options.institutions)]
    institution = known(FILTERS["entity"], everybody)
    region = known(FILTERS["region"], regions)
    status = known(FILTERS["status"], list(Status))
    outcome = known(FILTERS["outcome"], list(Outcome))
    recommendation = parameters.get(FILTERS["recommendation"], "").strip()
    if recommendation and not KEY.fullmatch(recommendation):
        unknown.append((FILTERS["recommendation"], recommendation))
        recommendation = ""
    filters = RegisterFilters(
        q=_words(parameters.get(FILTERS["q"], "")),
        axis=known(FILTERS["axis"], [axis.key for axis in options.axes]),
        challenge=known(FILTERS["challenge"], [challenge.key for challenge in options.challenges]),
        priority=known(FILTERS["priority"], [priority.key for priority in options.priorities]),
        region=region or (institution if institution in regions else None),
        entity=None if institution in regions else institution,
        status=Status(status) if status else None,
        among=tuple(several(FILTERS["among"], everybody)),
        kinds=tuple(map(EntityKind, several(FILTERS["kinds"], list(EntityKind)))),
        outcome=Outcome(outcome) if outcome else None,
        moved=tuple(map(Movement, several(FILTERS["moved"], list(Movement) if compared else ()))),
        recommendation=recommendation or None,
        **{field: flag(FILTERS[field]) for field in _FLAGS},
    )
    order, view = known("tri", list(Order)), known("vue", [ANSWERS, "recommandations"])
    page = _page(parameters, unknown)
    return Asked(filters, view == ANSWERS, Order(order or "source"), page, tuple(unknown))


def _words(typed: str) -> str:
    """What was typed in the search, on one line, without signs that no text holds."""
    printable = "".join(sign if sign.isprintable() else " " for sign in typed)
    return " ".join(printable.split())[:_LONGEST_SEARCH].strip()


def _page(parameters: Mapping[str, str], unknown: list[tuple[str, str]]) -> int:
    value = parameters.get("page", "").strip()
    if not value or (value.isascii() and value.isdigit() and len(value) < 7):
        return max(1, int(value or 1))
    unknown.append(("page", value))
    return 1


def chips(asked: Asked, options: FilterOptions, links: Links) -> tuple[say.Chip, ...]:
    """The filters in force, each with the link that takes it off."""
    names = say.filter_names(asked.filters, options, links.locale)
    return tuple(
        say.Chip(text, say.take_off(field, links.locale), asked.without(field).href(links))
        for field, text in names.items()
    )


class Widgets:
    """The widgets of one run of the register."""

    def __init__(self, asked: Asked, options: FilterOptions, t: Translator, locale: str) -> None:
        self.asked, self.options, self.t, self.locale = asked, options, t, locale

    def filters(self) -> None:
        """The search, the filters most used, and the others behind one button."""
        _ = self.t.gettext
        options, entity = self.options, _entity_name
        regions = {region.key: region.short_name for region in options.regions}
        institutions = {found.key: entity(found.short_name, found.name) for found in options.institutions}
        axes = {axis.key: say.axis_name(axis.key, self.t) for axis in options.axes}
        challenges = {c.key: f"{short_key(c.key)} · {excerpt(c.text, 70)}" for c in options.challenges}
        priorities = {p.key: f"{short_key(p.key)} · {excerpt(p.text, 70)}" for p in options.priorities}
        statuses = {status.value: label(status, self.t) for status in Status}
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="ccm-filters"):
            st.text_input(
                _("Chercher"),
                placeholder=_("mots du texte ou du défi, nom d’un acteur"),
                key=_hold("q", self.asked.filters.q),
                on_change=_write,
                max_chars=_LONGEST_SEARCH,
                icon=":material/search:",
                width=330,
            )
            self._select("axis", _("Axe"), {"": _("Tous"), **axes}, 160)
            self._select("region", _("Région"), {"": _("Toutes"), **regions}, 160)
            self._select("status", _("État d’une réponse"), {"": _("Tous"), **statuses}, 210)
            with st.popover(_("Autres filtres"), icon=":material/tune:"):
                self._select("entity", _("Institution"), {"": _("Toutes"), **institutions})
                self._select("challenge", _("Défi"), {"": _("Tous"), **challenges})
                self._select("priority", _("Priorité"), {"": _("Toutes"), **priorities})
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

    def _select(self, field: str, text: str, names: dict[str, str], width: int | None = None) -> None:
        st.selectbox(
            text,
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
            _FLAGS,
            selection_mode="multi",
            format_func=lambda field: say.flag_name(field, self.locale),
            key=_hold("seulement", [field for field in _FLAGS if getattr(self.asked.filters, field)]),
            on_change=_write,
        )


def _entity_name(short: str, name: str) -> str:
    return short if short == name else f"{short} · {name}"


def _hold(name: str, value: object) -> str:
    """The key of a widget, which is given the address's value."""
    return hold(f"registre-{name}", value)


def _held(name: str) -> Any:
    return held(f"registre-{name}")


def _write() -> None:
    """Put what all widgets hold into the address: a slow line may have lost what the last one put there."""
    one = ("q", "axe", "defi", "priorite", "region", "institution", "statut")
    said = {name: _held(name) or "" for name in one}
    said |= {FILTERS[field]: "1" if field in (_held("seulement") or ()) else "" for field in _FLAGS}
    said["vue"] = ANSWERS if _held("vue") == ANSWERS else ""
    said["tri"] = "" if _held("tri") == Order.SOURCE else _held("tri") or ""
    write(**said, page="")


def _turn(shown: int) -> None:
    page = _held(f"page-{shown}") or 1
    write(page="" if page == 1 else str(page))
