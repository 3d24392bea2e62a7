"""What a file of evidence is, told by its content alone; and the bytes of it that do no harm."""

import io
import zipfile
import zlib

from PIL import Image, ImageOps, UnidentifiedImageError

from ccm.domain.errors import Invalid, Problem

_MOST_PIXELS = 40_000_000
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
_TOO_LARGE = Problem("cette image est trop grande : 40 millions de points au plus", column="evidence")

# Pillow's own limit only warns at first; ours refuses before a single point is unpacked.
Image.MAX_IMAGE_PIXELS = None


def harmless(content: bytes) -> tuple[str, bytes]:
    """The media type of a file, and what may be kept of it; raises Invalid.

    Images are drawn anew; Word and Excel are looked through without being unpacked to disk or read as XML.
    """
    if content.startswith(b"%PDF-"):
        return "application/pdf", content
    if content.startswith(b"PK\x03\x04"):
        return _office(content), content
    return _redrawn(content)


def _office(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _kind(archive, len(content))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Invalid([_BROKEN]) from error


def _kind(archive: zipfile.ZipFile, size: int) -> str:
    """Word or Excel without macros, of a bounded size once unpacked: its directory may lie about that."""
    names = archive.namelist()
    if len(names) > _MOST_FILES or len(set(names)) < len(names) or any(map(_is_elsewhere, names)):
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
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise Invalid([_TOO_LARGE])
            media_type = f"image/{(image.format or '').lower()}"
            drawn = io.BytesIO()
            _clean(image).save(drawn, image.format, quality=88)
    except UnidentifiedImageError as error:
        raise Invalid([_KIND]) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Invalid([_UNREADABLE]) from error
    return media_type, drawn.getvalue()


def _clean(image: Image.Image) -> Image.Image:
    """The points of the image alone, the right way up: its turning stands in the data that is left behind."""
    turned = ImageOps.exif_transpose(image)
    plain = turned.convert("RGB" if image.format == "JPEG" else "RGBA")
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    return clean
