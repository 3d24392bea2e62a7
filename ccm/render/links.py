"""Every link inside the application is built here: the paths, the parameters, what they carry on."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from ccm.domain.vocabulary import Status

#: Register filters, as Python names them and as the address bar shows them.
FILTERS = {
    "q": "q",
    "axis": "axe",
    "challenge": "defi",
    "region": "region",
    "entity": "institution",
    "status": "statut",
    "overdue": "retard",
    "unassigned": "non_attribuee",
    "doubtful": "doute",
    "continuous": "continue",
}


@dataclass(frozen=True)
class Links:
    """The addresses of one view: they keep its language, dates and session.

    Dates and session are None where the page shows its default (today, no comparison, all sessions):
    only what differs goes into an address. `filters` are the register's, under their Python names.
    `root` is what stands before the paths, for an application below `/` or for the light pages.
    """

    locale: str = "fr"
    as_of: dt.date | None = None
    since: dt.date | None = None
    session: int | None = None
    filters: tuple[tuple[str, str], ...] = ()
    root: str = ""

    def to(self, path: str, **parameters: str | int | None) -> str:
        """The address of a path with these parameters, then the view's own; None leaves one out."""
        own = {name: str(value) for name, value in parameters.items() if value is not None}
        query = urlencode({**own, **{k: v for k, v in self._common().items() if k not in own}})
        return f"{self.root}{path}" + (f"?{query}" if query else "")

    def _common(self) -> dict[str, str]:
        common: dict[str, str | None] = {
            "date": self.as_of.isoformat() if self.as_of else None,
            "depuis": self.since.isoformat() if self.since else None,
            "session": str(self.session) if self.session is not None else None,
            "lang": None if self.locale == "fr" else self.locale,
        }
        return {name: value for name, value in common.items() if value is not None}

    def overview(self) -> str:
        """The overview of the plan."""
        return self.to("/")

    def recommendations(self, **filters: str | bool | Status | None) -> str:
        """The register under these filters alone: `recommendations(axis="A1", overdue=True)`."""
        return self.to("/recommandations", **_as_query(filters))

    def refine(self, **changes: str | bool | Status | None) -> str:
        """The register under the present filters with some changed; None or False takes one off."""
        present: dict[str, str | bool | Status | None] = dict(self.filters)
        return self.recommendations(**{**present, **changes})

    def recommendation(self, key: str) -> str:
        """One recommendation, by its key (`CCM7-A1-05`)."""
        return self.to("/recommandation", cle=key)

    def regions(self) -> str:
        """The comparison of the regions."""
        return self.to("/regions")

    def region(self, key: str) -> str:
        """One region, by its p-code (`NE002`)."""
        return self.to("/regions", region=key)

    def institutions(self) -> str:
        """The comparison of the ministries and other institutions."""
        return self.to("/institutions")

    def institution(self, key: str) -> str:
        """One institution, by its key (`MI-D`)."""
        return self.to("/institutions", entite=key)

    def entity(self, key: str) -> str:
        """The page of an entity: a region's (its p-code begins with `NE0`), else an institution's."""
        return self.region(key) if key.startswith("NE0") else self.institution(key)

    def explorer(self) -> str:
        """The explorer of rows and figures."""
        return self.to("/explorer")

    def my_space(self) -> str:
        """What is due from whoever is signed in."""
        return self.to("/mon-espace")

    def answer(self, assignment: str) -> str:
        """The form of one answer, by its assignment's key (`CCM7-A1-05/NE002`)."""
        return self.to("/repondre", engagement=assignment)

    def validation(self, entity: str | None = None) -> str:
        """The Secretariat's queue, of one entity where it is named."""
        return self.to("/validation", acteur=entity)

    def silence(self, entity: str | None = None, period: str | None = None) -> str:
        """Who has not answered in a period, and the reminder of one entity."""
        return self.to("/relances", acteur=entity, periode=period)

    def sign_in(self, back: str = "/") -> str:
        """The form to sign in, which leads back to a path of ours."""
        return self.to("/connexion", next=back if back != "/" else None)

    def method(self, anchor: str = "") -> str:
        """How the figures are made; at one definition where its anchor is given."""
        return self.to("/methode") + (f"#{anchor}" if anchor else "")

    def in_language(self, locale: str) -> "Links":
        """The same view in another language."""
        return replace(self, locale=locale)

    def at(self, as_of: dt.date | None, since: dt.date | None = None) -> "Links":
        """The same view at another date."""
        return replace(self, as_of=as_of, since=since)


def _as_query(filters: Mapping[str, str | bool | Status | None]) -> dict[str, str]:
    unknown = set(filters) - set(FILTERS)
    if unknown:
        raise TypeError(f"no such filter: {', '.join(sorted(unknown))}")
    return {
        FILTERS[name]: "1" if filters[name] is True else str(filters[name])
        for name in FILTERS
        if filters.get(name) not in (None, False, "")
    }
