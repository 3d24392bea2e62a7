"""What an address asks of the register: read, checked against what there is, said again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ccm.domain.labels import label
from ccm.domain.vocabulary import EntityKind, Status
from ccm.i18n import Translator
from ccm.queries.filters import EVERYTHING, FilterOptions, Movement, Order, Outcome, RegisterFilters
from ccm.render import FILTERS, REGISTER, Links, written
from ccm.render.environment import excerpt
from ccm.render.sentences import register as say
from ccm.render.sentences.words import short_key
from ccm.screens.choice import SHARED

ANSWERS = "reponses"
FLAGS = ("overdue", "unassigned", "doubtful", "continuous", "answered", "fresh")
#: What the key of a recommendation may be made of, whatever an address says.
KEY = re.compile(r"[A-Z0-9-]{1,64}")
LONGEST_SEARCH = 200
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
        **{field: flag(FILTERS[field]) for field in FLAGS},
    )
    order, view = known("tri", list(Order)), known("vue", [ANSWERS, "recommandations"])
    page = _page(parameters, unknown)
    # A filter whose name is mistyped would show more than was asked for, without a word.
    unknown += [(name, value) for name, value in parameters.items() if not is_known(name)]
    return Asked(filters, view == ANSWERS, Order(order or "source"), page, tuple(unknown))


#: The register's own parameters.
_OWN = (*FILTERS.values(), "vue", "tri", "page")


def is_known(name: str, own: Sequence[str] = _OWN) -> bool:
    """Whether a parameter means something on a page with these, or is one that others hang on addresses."""
    return name in (*own, *SHARED, "embed", "embed_options", "fbclid") or name.startswith("utm_")


def _words(typed: str) -> str:
    """What was typed in the search, on one line, without signs that no text holds."""
    printable = "".join(sign if sign.isprintable() else " " for sign in typed)
    return " ".join(printable.split())[:LONGEST_SEARCH].strip()


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


def offered(options: FilterOptions, t: Translator) -> dict[str, dict[str, str]]:
    """By filter, what it may be set to, by the value that the address has, as the reader is shown it."""
    _ = t.gettext
    every, all_of_them = {"": _("Tous")}, {"": _("Toutes")}
    texts = {
        kind: {one.key: f"{short_key(one.key)} · {excerpt(one.text, 70)}" for one in found}
        for kind, found in (("challenge", options.challenges), ("priority", options.priorities))
    }
    return {
        "axis": every | {axis.key: say.axis_name(axis.key, t) for axis in options.axes},
        "region": all_of_them | {region.key: region.short_name for region in options.regions},
        "status": every | {status.value: label(status, t) for status in Status},
        "entity": all_of_them | {one.key: _named(one.short_name, one.name) for one in options.institutions},
        "challenge": every | texts["challenge"],
        "priority": all_of_them | texts["priority"],
    }


def titles(t: Translator) -> dict[str, str]:
    """The filters that are chosen from a list, each with its title."""
    _ = t.gettext
    return {
        "axis": _("Axe"),
        "region": _("Région"),
        "status": _("État d’une réponse"),
        "entity": _("Institution"),
        "challenge": _("Défi"),
        "priority": _("Priorité"),
    }


def _named(short: str, name: str) -> str:
    return short if short == name else f"{short} · {name}"
