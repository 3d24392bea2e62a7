"""The focal point's workbook, as it leaves and as it comes back: its sheets, columns, stamp and outcomes."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ccm.i18n import DEFAULT_LOCALE, N_, translator

#: Changes with what columns are there or what their cells mean.
FORMAT = 1
#: Sheets; the last two are out of sight.
ANSWERS, GUIDE, STAMP, LISTS = "Réponses", "Guide", "_ccm", "_listes"
#: The heading of the hidden column that says which answer a row is.
IDENTITY = "ccm:id"
#: The columns that say what is asked, by their names; the first two say which answer a row is.
KNOWN = {
    "": IDENTITY,
    "ref": N_("Réf."),
    "text": N_("Recommandation"),
    "due": N_("Échéance"),
    "official": N_("État officiel"),
    "official_percent": N_("%% officiel"),
    "official_as_of": N_("Officiel au"),
    "sent": N_("Votre dernier envoi"),
}
#: The columns that a person fills, by the cell of the report they hold.
FILLED = {
    "status": N_("État"),
    "percent": N_("Avancement (%%)"),
    "as_of": N_("À la date du"),
    "note": N_("Qu’a-t-on fait ?"),
    "blocked_reason": N_("Bloqué : pourquoi ?"),
    "blocked_cause": N_("Bloqué : cause"),
    "blocked_by": N_("Bloqué : qui peut lever ?"),
    "dropped_kind": N_("Abandonné ou sans objet ?"),
}


def headings() -> dict[str, str]:
    """The heading of each column by its name, from left to right, in French as it stands in the workbook."""
    t = translator(DEFAULT_LOCALE).gettext
    return {name: t(title).replace("%%", "%") for name, title in {**KNOWN, **FILLED}.items()}


class Outcome(StrEnum):
    """What becomes of a row that comes back."""

    NEW = "new"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    TAMPERED = "tampered"
    WRONG = "wrong"


@dataclass(frozen=True)
class Stamp:
    """What a workbook was made from: the store, whose it is, when, and each answer's latest report then."""

    store_uuid: str
    entity: str
    known_at: str
    revision: int
    bases: Mapping[str, int | None]
    digest: str = ""
    format: int = FORMAT

    @property
    def sealed(self) -> str:
        """The digest that a stamp nobody touched carries."""
        told = [str(self.format), self.store_uuid, self.entity, self.known_at, str(self.revision)]
        told += [f"{key}={base or ''}" for key, base in sorted(self.bases.items())]
        return hashlib.sha256("\n".join(told).encode("utf-8", "replace")).hexdigest()
