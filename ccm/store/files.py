"""Evidence files: kept under the SHA-256 of their bytes, written whole or not at all, never rewritten."""

import datetime as dt
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, Connection, select

from ccm.config import DATA, settings
from ccm.domain.dates import utc_now
from ccm.domain.errors import StoreUnavailable
from ccm.store.engine import Store
from ccm.store.models import DraftEvidence, Evidence

#: How long a file may lie there before something must refer to it.
LEFT_ALONE = dt.timedelta(days=1)
_HALF, _DIGEST = ".new.", re.compile("[0-9a-f]{64}")

_UNWRITTEN = "Le fichier n'a pas pu être gardé (%(reason)s) : rien n'a été enregistré, réessayez."


class EvidenceFiles:
    """The folder of a store's evidence files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, content: bytes) -> str:
        """Write a content down unless it is there already; its SHA-256. Raises StoreUnavailable.

        The bytes are on the disk, under their name, before this returns: a row may then point to them.
        """
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        if self.is_whole(digest):
            # As new: whoever sweeps leaves it alone until a row refers to it.
            os.utime(path, (utc_now().timestamp(),) * 2)
            return digest
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, content)
        except OSError as error:
            raise StoreUnavailable(_UNWRITTEN, reason=error.strerror or error) from error
        return digest

    def read(self, digest: str) -> bytes | None:
        """The content of this digest; None where it is missing or no longer the same."""
        try:
            content = self.path(digest).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == digest else None

    def is_whole(self, digest: str) -> bool:
        """Whether the file is there and still holds what it was named for."""
        return self.read(digest) is not None

    def before(self, instant: dt.datetime) -> Iterator[Path]:
        """The files that were written, or half written, before an instant; none of anybody else's."""
        for path in sorted(self.folder.glob("[0-9a-f][0-9a-f]/*")):
            ours = path.name.startswith(_HALF) or (_DIGEST.fullmatch(path.name) and path.is_file())
            if ours and path.stat().st_mtime < instant.timestamp():
                yield path

    def path(self, digest: str) -> Path:
        """Where the content of a digest lies."""
        return self.folder / digest[:2] / digest


def evidence_files(store: Store) -> EvidenceFiles:
    """The evidence of a store."""
    return files_at(store.engine.url)


def files_at(url: URL) -> EvidenceFiles:
    """The evidence of a store: where the settings say, else beside a SQLite file, else in `data/`."""
    if (folder := settings().evidence) is not None:
        return EvidenceFiles(folder)
    if url.get_backend_name() == "sqlite" and url.database:
        database = Path(url.database)
        return EvidenceFiles(database.parent / "evidence" / database.stem)
    return EvidenceFiles(DATA / "evidence" / (url.database or "store"))


def unreferenced(connection: Connection, files: EvidenceFiles, before: dt.datetime) -> list[Path]:
    """The files, written before an instant, that no piece of evidence refers to."""
    kept: set[str] = set()
    for table in (Evidence, DraftEvidence):
        kept.update(digest for (digest,) in connection.execute(select(table.sha256)) if digest)
    return [path for path in files.before(before) if path.name not in kept]


def _write(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=_HALF)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
