"""Every link inside the application is built here: the paths, the parameters, what they carry on."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import ClassVar
from urllib.parse import urlencode

from ccm.domain.vocabulary import Status
from ccm.metrics.registry import METRICS
from ccm.queries.filters import Outcome
from ccm.render.filters import Filter, as_query
from ccm.render.pages import PAGES, light_path

REGISTER = PAGES["register"].path


#: The figures that have an address, by their names in JSON: what their rows must answer to.
_METRICS: dict[str, dict[str, Filter]] = {
    "realised": {"status": Status.COMPLETED},
    "completion": {},
    "coverage": {"answered": True},
    "expected": {},
    "answered": {"answered": True},
    "fresh": {"fresh": True},
    **{status.value: {"status": status} for status in Status},
    "overdue": {"overdue": True},
    "recommendations": {},
    "recommendations_realised": {"outcome": Outcome.REALISED},
    "recommendations_dropped": {"outcome": Outcome.DROPPED},
    "unassigned": {"unassigned": True},
    "continuous": {"continuous": True},
    "continuous_active": {"outcome": Outcome.ACTIVE},
    "continuous_silent": {"outcome": Outcome.SILENT},
}
_DEFINED = {metric.key for metric in METRICS} - _METRICS.keys()
_OF_RECOMMENDATIONS = tuple(
    name for name in _METRICS if name.startswith(("recommendations", "unassigned", "continuous"))
)
_ENTITIES = ("region", "ministry", "entity")
#: Groups of recommendations and of answers, whose rows the filter of the same name keeps.
_FILTERED = ("axis", "challenge", "priority", "status", "recommendation")
_SESSION = re.compile("[1-9][0-9]{0,5}")
#: What an address says instead of a date where nothing is compared.
UNCOMPARED = "non"


@dataclass(frozen=True)
class Links:
    """The addresses of one view: they keep its language, dates and session.

    Dates and session are None where the page shows its default (today, no comparison, all sessions):
    only what differs goes into an address. `known_at` is the instant whose knowledge is shown.
    `compared` is false where the reader wants no comparison,
    `provisional` true where submitted reports count.
    `filters` are the register's, under their Python names.
    `light` leads to the light pages, where there is one; elsewhere, to the application's.
    """

    locale: str = "fr"
    as_of: dt.date | None = None
    since: dt.date | None = None
    session: int | None = None
    compared: bool = True
    provisional: bool = False
    known_at: dt.datetime | None = None
    filters: tuple[tuple[str, str], ...] = ()
    light: bool = False
    #: Whether they stand in a file without the application.
    alone: ClassVar[bool] = False

    def to(self, path: str, /, **parameters: str | int | None) -> str:
        """The address of a path with these parameters, then the view's own; None leaves one out."""
        own = {name: str(value) for name, value in parameters.items() if value is not None}
        query = urlencode({**own, **{k: v for k, v in self.shared().items() if k not in own}})
        place = light_path(path) if self.light else path
        return place + (f"?{query}" if query else "")

    def shared(self) -> dict[str, str]:
        """The parameters that every address of this view has."""
        common: dict[str, str | None] = {
            "date": self.as_of.isoformat() if self.as_of else None,
            "depuis": self.since.isoformat() if self.since else None if self.compared else UNCOMPARED,
            "session": str(self.session) if self.session is not None else None,
            "provisoire": "1" if self.provisional else None,
            # The short form of ISO 8601, in which nothing must be written otherwise in an address.
            "connu": f"{self.known_at.astimezone(dt.UTC):%Y%m%dT%H%M%S.%fZ}" if self.known_at else None,
            "lang": None if self.locale == "fr" else self.locale,
        }
        return {name: value for name, value in common.items() if value is not None}

    def overview(self) -> str:
        """The overview of the plan."""
        return self.to(PAGES["overview"].path)

    def recommendations(self, **filters: Filter) -> str:
        """The register under these filters alone: `recommendations(axis="A1", overdue=True)`."""
        return self.to(REGISTER, **as_query(filters))

    def answers(self, **filters: Filter) -> str:
        """The answers that these filters keep, one row each."""
        return self.to(REGISTER, vue="reponses", **as_query(filters))

    def rows(self, **group: Filter) -> "Rows":
        """Where the rows of a group's figures are: `rows(axis="A1")`; of the plan without a filter."""
        return Rows(self, tuple(group.items()))

    def rows_of(self, *keys: str) -> "Rows":
        """Where the rows of an entity's figures are, by its key; of several entities together."""
        if len(keys) > 1:
            return self.rows(among=keys)
        return self.rows(region=keys[0]) if _is_region(keys[0]) else self.rows(entity=keys[0])

    def group(self, by: str, key: str) -> str | None:
        """Where a group's figures stand, by the group's code and key; None for an unknown grouping."""
        if by == "recommendation":
            return self.recommendation(key)
        if by in _FILTERED:
            return self.recommendations(**{by: key})
        if by == "region":
            return self.region(key)
        if by in _ENTITIES:
            return self.entity(key)
        return replace(self, session=int(key)).overview() if _is_session(by, key) else None

    def figure(self, by: str, key: str, metric: str) -> str | None:
        """The rows behind one of a group's figures, by the group's code and key; None for an unknown one.

        Of the plan where `by` is « plan », of several entities where commas part their keys; the definition
        of a figure that is shown without its rows. A state has no figure of another state, nor do answers
        that left the count have one of those expected.
        """
        if metric in _DEFINED and by in ("plan", *_ENTITIES, *_FILTERED):
            return self.method(metric)
        if metric not in _METRICS or (by == "status" and _is_foreign(key, metric)):
            return None
        if by == "plan":
            return self._figure(self.rows(), metric, metric == "completion")
        if by in _ENTITIES:
            keys = key.split(",")
            alone = by == "region" and len(keys) == 1
            return self._figure(self.rows(region=key) if alone else self.rows_of(*keys), metric)
        if by in _FILTERED:
            return self._figure(self.rows(**{by: key}), metric, metric == "completion" and by != "status")
        return replace(self, session=int(key)).figure("plan", "", metric) if _is_session(by, key) else None

    def _figure(self, rows: "Rows", metric: str, mean_of_recommendations: bool = False) -> str:
        asked = _METRICS[metric]
        if mean_of_recommendations:
            return rows.recommendations(outcome=Outcome.COUNTED)
        return rows.recommendations(**asked) if metric in _OF_RECOMMENDATIONS else rows.answers(**asked)

    def permanent(self, by: str, key: str = "", metric: str = "", *, as_of: dt.date) -> str:
        """The short address of a group's figures, or of one of them, on a day: it never changes."""
        return self.to(reference(by, key, metric), date=as_of.isoformat())

    def refine(self, **changes: Filter) -> str:
        """The register under the present filters with some changed; None or False takes one off."""
        present: dict[str, Filter] = dict(self.filters)
        return self.recommendations(**{**present, **changes})

    def recommendation(self, key: str) -> str:
        """One recommendation, by its key (`CCM7-A1-05`)."""
        return self.to(PAGES["recommendation"].path, cle=key)

    def short(self, key: str) -> str:
        """The address of one recommendation that never changes, to be quoted in a document."""
        return self.to(f"/r/{key}")

    def regions(self) -> str:
        """The comparison of the regions."""
        return self.to(PAGES["regions"].path)

    def region(self, key: str) -> str:
        """One region, by its p-code (`NE002`)."""
        return self.to(PAGES["regions"].path, region=key)

    def institutions(self) -> str:
        """The comparison of the ministries and other institutions."""
        return self.to(PAGES["institutions"].path)

    def institution(self, key: str) -> str:
        """One institution, by its key (`MI-D`)."""
        return self.to(PAGES["institutions"].path, entite=key)

    def entity(self, key: str) -> str:
        """The page of an entity: a region's (its p-code begins with `NE0`), else an institution's."""
        return self.region(key) if _is_region(key) else self.institution(key)

    def explorer(self) -> str:
        """The explorer of rows and figures."""
        return self.to(PAGES["explorer"].path)

    def my_space(self) -> str:
        """What is due from whoever is signed in."""
        return self.to(PAGES["my_space"].path)

    def answer(self, assignment: str) -> str:
        """The form of one answer, by its assignment's key (`CCM7-A1-05/NE002`)."""
        return self.to(PAGES["answer"].path, engagement=assignment)

    def validation(self, entity: str | None = None) -> str:
        """The Secretariat's queue, of one entity where it is named."""
        return self.to(PAGES["validation"].path, acteur=entity)

    def silence(self, entity: str | None = None, period: str | None = None) -> str:
        """Who has not answered in a period, and the reminder of one entity."""
        return self.to(PAGES["silence"].path, acteur=entity, periode=period)

    def sign_in(self, back: str = "/") -> str:
        """The form to sign in, which leads back to a path of ours."""
        return self.to("/connexion", next=back if back != "/" else None)

    def method(self, anchor: str = "") -> str:
        """How the figures are made; at one definition where its anchor is given."""
        return self.to(PAGES["method"].path) + (f"#{anchor}" if anchor else "")

    def in_language(self, locale: str) -> "Links":
        """The same view in another language."""
        return replace(self, locale=locale)

    def in_full(self) -> "Links":
        """The same view in the application."""
        return replace(self, light=False)

    def in_light(self) -> "Links":
        """The same view on light pages."""
        return replace(self, light=True)

    def at(self, as_of: dt.date | None, since: dt.date | None = None) -> "Links":
        """The same view at another date."""
        return replace(self, as_of=as_of, since=since)

    def known_now(self) -> "Links":
        """The same view by what is known today."""
        return replace(self, known_at=None)


def reference(by: str, key: str = "", metric: str = "") -> str:
    """A permanent address without the day: what a document prints beside a figure (`/f/axis/A1/blocked`)."""
    return "/".join(part for part in ("/f", by, key, metric) if part)


@dataclass(frozen=True)
class Rows:
    """The rows behind the figures of one group: each address keeps the group's own filters."""

    links: Links
    group: tuple[tuple[str, Filter], ...] = ()

    def answers(self, **filters: Filter) -> str:
        """The answers of the group that these filters keep; without one, those expected."""
        return self.links.answers(**{**dict(self.group), **filters})

    def recommendations(self, **filters: Filter) -> str:
        """The recommendations of the group that these filters keep."""
        return self.links.recommendations(**{**dict(self.group), **filters})

    def within(self, **filters: Filter) -> "Rows":
        """A part of the group: `links.rows_of("NE002").within(axis="A1")`."""
        return replace(self, group=(*self.group, *filters.items()))


def _is_session(by: str, key: str) -> bool:
    return by == "session" and _SESSION.fullmatch(key) is not None


def _is_foreign(status: str, metric: str) -> bool:
    """Whether a state has no such figure."""
    if status == Status.DROPPED and metric in ("expected", "completion"):
        return True
    return _METRICS[metric].get("status") not in (None, status)


def _is_region(key: str) -> bool:
    return key.startswith("NE0")
