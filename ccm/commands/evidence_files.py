"""What a file of evidence is, told by its content alone; and the bytes of it that do no harm."""

import io
import struct
import threading
import zipfile
import zlib

from PIL import Image, ImageOps, UnidentifiedImageError

from ccm.commands.cells import told
from ccm.domain.errors import Invalid, Problem
from ccm.i18n import N_

#: Files that are looked at at a time: an image may ask for a hundred megabytes while it is drawn anew.
_AT_A_TIME = threading.BoundedSemaphore(2)
#: Points of an image that is read smaller than it is, or of one byte each; and of any other.
_MOST_POINTS, _MOST_HEAVY_POINTS = 40_000_000, 20_000_000
#: Points of a side of what is kept: a page of paper at 300 to the inch.
_LONGEST_SIDE = 4_000
#: What an office file may hold once unpacked, in bytes and files, and how many times its own size.
_UNPACKED, _MOST_FILES, _RATIO = 100 * 1024 * 1024, 1_000, 100
_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CONTENTS, _CHUNK = "[Content_Types].xml", 64 * 1024
_KIND = Problem(
    "ce fichier n'est pas d'un genre accepté : PDF, image PNG ou JPEG, Word (docx) ou Excel (xlsx)",
    column="evidence",
)
_MACROS = Problem(
    "ce fichier contient des macros : enregistrez-le en docx ou xlsx, ou en PDF", column="evidence"
)
_BROKEN = Problem(
    "ce fichier est abîmé, chiffré ou démesuré une fois déplié : enregistrez-le en PDF", column="evidence"
)
_UNREADABLE = Problem("cette image ne peut pas être lue : choisissez-en une autre", column="evidence")
_TOO_LARGE = N_("cette image est trop grande : %(most)s millions de points au plus")
#: What the libraries raise at damaged bytes.
_DAMAGE = (OSError, EOFError, ValueError, LookupError, TypeError, OverflowError, struct.error, SyntaxError)

# Pillow's own limit only warns at first; ours refuses before a single point is unpacked.
Image.MAX_IMAGE_PIXELS = None


def harmless(content: bytes) -> tuple[str, bytes]:
    """The media type of a file, and what may be kept of it; raises Invalid.

    Images are drawn anew; Word and Excel are looked through without being unpacked to disk or read as XML.
    """
    with _AT_A_TIME:
        return _harmless(content)


def _harmless(content: bytes) -> tuple[str, bytes]:
    if content.startswith(b"%PDF-"):
        return "application/pdf", content
    if content.startswith(b"PK\x03\x04"):
        return _office(content), content
    return _redrawn(content)


def _office(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _kind(archive, len(content))
    except (*_DAMAGE, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
        raise Invalid([_BROKEN]) from error


def _kind(archive: zipfile.ZipFile, size: int) -> str:
    """Word or Excel without macros, of a bounded size once unpacked: its directory may lie about that."""
    names = archive.namelist()
    if len(names) > _MOST_FILES or len(set(names)) < len(names) or any(map(_is_elsewhere, names)):
        raise Invalid([_BROKEN])
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in archive.filelist):
        # Word and Excel write no other, and others unpack to any size at once.
        raise Invalid([_BROKEN])
    found = [media_type for part, media_type in _OFFICE.items() if part in names]
    if _CONTENTS not in names or len(found) != 1:
        raise Invalid([_KIND])
    _check_unpacked(archive, min(_UNPACKED, size * _RATIO))
    contents = archive.read(_CONTENTS).lower()
    if b"macroenabled" in contents or any("vbaproject" in name.lower() for name in names):
        raise Invalid([_MACROS])
    return found[0]


def _is_elsewhere(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/")


def _check_unpacked(archive: zipfile.ZipFile, most: int) -> None:
    left = most
    for name in archive.namelist():
        with archive.open(name) as part:
            while chunk := part.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise Invalid([_BROKEN])


def _redrawn(content: bytes) -> tuple[str, bytes]:
    try:
        # Telephones put further pictures into a JPEG (MPO): the first is the photo.
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            kind = "PNG" if image.format == "PNG" else "JPEG"
            _refuse_too_large(image, kind)
            drawn = io.BytesIO()
            _clean(image, kind).save(drawn, kind, quality=88)
    except UnidentifiedImageError as error:
        raise Invalid([_KIND]) from error
    except (*_DAMAGE, zlib.error) as error:
        raise Invalid([_UNREADABLE]) from error
    return f"image/{kind.lower()}", drawn.getvalue()


def _refuse_too_large(image: Image.Image, kind: str) -> None:
    # A progressive JPEG is held whole in memory before it is made smaller.
    light = image.mode in ("1", "L") if kind == "PNG" else not image.info.get("progressive")
    most = _MOST_POINTS if light else _MOST_HEAVY_POINTS
    if image.width * image.height > most:
        raise Invalid([Problem(_TOO_LARGE, told(most=most // 1_000_000), column="evidence")])


def _clean(image: Image.Image, kind: str) -> Image.Image:
    """The points of the image alone, the right way up: its turning stands in the data that is left behind."""
    smaller = _smaller(image)
    ImageOps.exif_transpose(smaller, in_place=True)
    mode = smaller.mode if smaller.mode == "L" else "RGB" if kind == "JPEG" else "RGBA"
    plain = smaller.convert(mode)
    plain.info = {}
    return plain


def _smaller(image: Image.Image) -> Image.Image:
    """The image, no side of it longer than is kept, before anything makes it heavier."""
    times = -(-max(image.size) // _LONGEST_SIDE)
    if times > 1:
        # A JPEG is read at a half, a quarter or an eighth of its size.
        image.draft(None, (image.width // times, image.height // times))
        times = -(-max(image.size) // _LONGEST_SIDE)
    light = image.convert("L") if image.mode == "1" else image
    if times == 1:
        return light
    reducible = light.convert("RGBA") if light.mode == "P" else light
    return reducible.reduce(times)
