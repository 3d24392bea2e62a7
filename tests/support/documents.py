"""Files as people attach them, good and hostile: made here, never kept as files."""

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


def photo(kind: str = "JPEG", *, place: str = "13.5N 2.1E") -> bytes:
    """A picture lying on its side, whose hidden data tell a place, with more hidden after its end."""
    image = Image.new("RGB", (40, 20), (200, 30, 30))
    image.paste((0, 0, 255), (0, 0, 12, 12))
    exif = lying_down()
    exif[0x010E] = place
    made = io.BytesIO()
    image.save(made, kind, exif=exif)
    return made.getvalue() + place.encode()


def lying_down() -> Image.Exif:
    """What a picture says of itself that was taken with the telephone on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def picture(kind: str, mode: str, width: int, height: int, **given: Any) -> bytes:
    """An empty picture: few bytes, many points."""
    made = io.BytesIO()
    Image.new(mode, (width, height)).save(made, kind, **given)
    return made.getvalue()


def several_pictures() -> bytes:
    """What telephones write: a JPEG whose file holds further pictures, for depth or a preview (MPO)."""
    made = io.BytesIO()
    first, second = Image.new("RGB", (40, 20), (200, 30, 30)), Image.new("RGB", (8, 4), (0, 0, 255))
    first.save(made, "MPO", save_all=True, append_images=[second])
    return made.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A few bytes that claim to be a picture of this size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data) for kind, data in ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def word(*, macros: str = "", extra: dict[str, bytes] | None = None, body: bytes = b"<w:document/>") -> bytes:
    """A Word document; `macros`: "declared" in its list of contents, or "held" as a part."""
    contents = _MACROS if macros == "declared" else _WORD
    parts = {
        "[Content_Types].xml": f'<Types><Override ContentType="{contents}"/></Types>'.encode(),
        "word/document.xml": body,
        **({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"} if macros == "held" else {}),
        **(extra or {}),
    }
    return archive(parts)


def workbook() -> bytes:
    """An Excel workbook."""
    return archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


def archive(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def lying(content: bytes, claimed: int = 10) -> bytes:
    """The same zip file, whose directory claims that its largest part is `claimed` bytes once unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        true = max(info.file_size for info in file.infolist())
    return content.replace(struct.pack("<I", true), struct.pack("<I", claimed))


def damaged(content: bytes) -> bytes:
    """The same Word document with one byte of its text changed, as a bad copy has it."""
    name = b"word/document.xml"
    place = content.index(name) + len(name) + 2
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
