"""Office files are archives: looked at whole before any program that reads them opens one."""

import io
import stat
import zipfile
import zlib
from pathlib import PurePosixPath

from ccm.domain.errors import ImportRejected, Problem
from ccm.i18n import N_

LARGEST_FILE = 10 * 1024 * 1024
_MOST_INFLATED, _MOST_ENTRIES = 100 * 1024 * 1024, 1_000
#: How much larger than the file its content may be, once that is large at all.
_RATIO, _ALWAYS_FINE = 100, 4 * 1024 * 1024
_CHUNK = 1024 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_WORKBOOK = b"spreadsheetml.sheet.main+xml"
#: A document type, in the encodings of XML whose letters take one byte or two.
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))

_NONE = N_("ce n'est pas un classeur Excel (.xlsx) : enregistrez-le à ce format")
_BROKEN = N_("le classeur est abîmé et ne peut pas être lu : enregistrez-le de nouveau au format .xlsx")
_HUGE = N_("ce que le classeur contient est démesuré : reprenez un classeur neuf")
_OLD = N_(
    "le classeur est protégé par un mot de passe, ou d'un ancien format : enregistrez-le au format .xlsx"
)
_MACRO = N_("le classeur contient des macros : enregistrez-le au format .xlsx, sans macros")
_FOREIGN = N_("le classeur contient ce qu'aucun tableur n'écrit : reprenez un classeur neuf")
_LARGE = N_("le fichier dépasse 10 Mo : reprenez un classeur neuf")


def rejected(message: str, **values: object) -> ImportRejected:
    """The refusal of a whole file."""
    told = tuple((name, str(value)) for name, value in values.items())
    return ImportRejected([Problem(message, told)])


def broken() -> ImportRejected:
    """The refusal of a file that its reader cannot make sense of."""
    return rejected(_BROKEN)


def check_workbook(data: bytes) -> None:
    """Raise ImportRejected unless the bytes are an Excel workbook that may be opened safely.

    What counts is the content, not the name, and how much there really is, not what the archive says of it.
    """
    if len(data) > LARGEST_FILE:
        raise rejected(_LARGE)
    if not data.startswith(_ZIP):
        raise rejected(_OLD if data.startswith(_OLE) else _NONE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_names(archive)
            types = _inflated(archive, len(data))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise broken() from error
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise rejected(_MACRO)
    if _WORKBOOK not in types:
        raise rejected(_NONE)


def _check_names(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > _MOST_ENTRIES:
        raise rejected(_HUGE)
    if any("vbaproject" in name.lower() for name in names):
        raise rejected(_MACRO)
    links = (stat.S_ISLNK(entry.external_attr >> 16) for entry in entries)
    if len(set(names)) < len(names) or any(map(_leads_out, names)) or any(links):
        raise rejected(_FOREIGN)


def _leads_out(name: str) -> bool:
    return "\\" in name or name.startswith("/") or ".." in PurePosixPath(name).parts


def _inflated(archive: zipfile.ZipFile, packed: int) -> bytes:
    """Inflate everything, a chunk at a time, keeping the list of content types alone."""
    total, types = 0, b""
    for entry in archive.infolist():
        tail = b""
        with archive.open(entry) as opened:
            while chunk := opened.read(_CHUNK):
                total += len(chunk)
                if total > _MOST_INFLATED or total > max(_ALWAYS_FINE, _RATIO * packed):
                    raise rejected(_HUGE)
                seen = (tail + chunk).upper()
                if any(doctype in seen for doctype in _DOCTYPES):
                    raise rejected(_FOREIGN)
                tail = chunk[-32:]
                if entry.filename == "[Content_Types].xml":
                    types += chunk
    return types
