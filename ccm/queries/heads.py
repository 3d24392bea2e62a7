"""The head of the journal's chain, kept elsewhere: whoever rewrites the chain cannot rewrite that too."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ccm.domain.dates import day_of, parse_instant
from ccm.domain.errors import Invalid, Problem
from ccm.store.models import AuditEvent, StoreState

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Head:
    """The last entry of the chain: its number and hash, of which store, read when."""

    store: str
    seq: int
    hash: str
    at: dt.datetime

    @property
    def text(self) -> str:
        """As it is exported: one JSON object."""
        told = {"store": self.store, "seq": self.seq, "hash": self.hash, "at": self.at.isoformat()}
        return json.dumps(told) + "\n"


def read_head(text: str) -> Head:
    """A head as it was exported; raises Invalid for anything else."""
    try:
        told = json.loads(text)
        head = Head(str(told["store"]), told["seq"], str(told["hash"]), parse_instant(told["at"]))
        if type(head.seq) is not int or head.seq < 0 or not _HASH.fullmatch(head.hash):
            raise ValueError(text)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        problem = Problem("ce fichier n'est pas une tête du journal : exportez-la par « journal head »")
        raise Invalid([problem]) from None
    return head


def disagreements(connection: Connection, head: Head) -> Iterator[str]:
    """How the chain differs from a head that was exported earlier; nothing where it only grew since."""
    store = connection.execute(select(StoreState.store_uuid)).scalar_one()
    if store != head.store:
        yield f"cette tête est celle d'un autre entrepôt ({head.store})"
        return
    if head.seq == 0:
        return
    found = connection.execute(select(AuditEvent.hash).where(AuditEvent.seq == head.seq)).scalar()
    exported = f"exportée le {day_of(head.at).isoformat()}"
    if found is None:
        yield f"entrée {head.seq}, {exported}, absente : le journal a été raccourci"
    elif found != head.hash:
        yield f"entrée {head.seq}, {exported}, autre depuis : le journal a été réécrit"
