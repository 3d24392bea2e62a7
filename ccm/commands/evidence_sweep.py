"""Taking away the files of evidence that nothing refers to: what was refused, removed, or never handed in."""

from dataclasses import dataclass

from ccm.auth import Action, Actor, require
from ccm.commands.command import Command
from ccm.domain.dates import utc_now
from ccm.store import Transaction
from ccm.store.files import LEFT_ALONE, files_at, unreferenced


@dataclass(frozen=True)
class Swept:
    """How many files were taken away, and their bytes."""

    files: int
    size: int


@dataclass(frozen=True)
class SweepEvidence(Command[Swept]):
    """Take away the files that no report or draft refers to, a day after they came; a dry run only counts.

    Nobody can put a piece beside an answer meanwhile: the transaction is alone among writers.
    """

    dry_run: bool = False

    def authorise(self, actor: Actor) -> None:
        """The administrators'."""
        require(actor, Action.MANAGE_SETTINGS)

    def carry_out(self, transaction: Transaction, actor: Actor) -> Swept:
        """Look through the folder of the store's evidence."""
        connection = transaction.connection
        found = unreferenced(connection, files_at(connection.engine.url), utc_now() - LEFT_ALONE)
        size = sum(path.stat().st_size for path in found)
        if not self.dry_run:
            for path in found:
                path.unlink()
        return Swept(len(found), size)
