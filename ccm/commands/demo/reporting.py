"""Invented periods, and the documents that stand behind invented achievements."""

import datetime as dt
from collections.abc import Iterable
from random import Random

from ccm.commands.demo.calendar import QUARTERS, START, Clock, days
from ccm.commands.demo.reports import Row
from ccm.commands.demo.writer import Writer
from ccm.domain.vocabulary import EvidenceKind, Status
from ccm.store.models import Evidence, ReportingPeriod

_DAYS_TO_REPORT = 15
_SHOWN_WITH_PROOF = 0.7
_DOCUMENTS = ("Procès-verbal de réception", "Rapport d’atelier", "Arrêté signé", "Liste de présence")


def write_periods(writer: Writer, clock: Clock) -> None:
    """One period for each quarter that is reported on."""
    for end in QUARTERS:
        start = max(START, dt.date(end.year, end.month - 2, 1))
        quarter = end.month // 3
        row = {
            "key": f"{end.year}-T{quarter}",
            "label": f"T{quarter} {end.year}",
            "starts_on": start,
            "ends_on": end,
            "due_on": end + days(_DAYS_TO_REPORT),
            "recorded_at": clock.instant(start),
        }
        writer.add(ReportingPeriod, row)


def write_evidence(writer: Writer, rng: Random, reports: Iterable[Row]) -> None:
    """The name of a document behind most completed answers, and behind all whose evidence was checked."""
    for report in reports:
        if report["status"] is Status.COMPLETED and (
            rng.random() < _SHOWN_WITH_PROOF or report["verified_at"] is not None
        ):
            row = {
                "report_id": report["id"],
                "kind": EvidenceKind.DOCUMENT,
                "name": f"{rng.choice(_DOCUMENTS)} (inventé)",
                "url": None,
                "sha256": None,
                "media_type": None,
                "size": None,
                "added_at": report["submitted_at"],
            }
            writer.add(Evidence, row)
