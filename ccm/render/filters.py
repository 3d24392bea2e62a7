"""The register's filters as the address bar has them."""

from collections.abc import Mapping, Sequence

from ccm.domain.vocabulary import Status

#: Register filters, as Python names them and as the address bar shows them.
FILTERS = {
    "q": "q",
    "axis": "axe",
    "challenge": "defi",
    "priority": "priorite",
    "region": "region",
    "entity": "institution",
    "status": "statut",
    "overdue": "retard",
    "unassigned": "non_attribuee",
    "doubtful": "doute",
    "continuous": "continue",
    "answered": "renseignee",
    "fresh": "recente",
    "among": "acteurs",
    "kinds": "categorie",
    "outcome": "bilan",
    "moved": "evolution",
    "recommendation": "recommandation",
}
#: What a filter may be set to: several values where it takes several.
Filter = str | bool | Status | Sequence[str] | None


def as_query(filters: Mapping[str, Filter]) -> dict[str, str]:
    """The parameters of an address that these filters, by their Python names, stand for."""
    unknown = set(filters) - set(FILTERS)
    if unknown:
        raise TypeError(f"no such filter: {', '.join(sorted(unknown))}")
    return {
        FILTERS[name]: written(filters[name])
        for name in FILTERS
        if filters.get(name) not in (None, False, "", ())
    }


def written(value: Filter) -> str:
    """A filter's value as the address has it: several are parted by commas; nothing where it is off."""
    if isinstance(value, str):
        return str(value)
    return "1" if value is True else ",".join(value or ())
