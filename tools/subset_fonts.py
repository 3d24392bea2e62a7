"""Makes the small fonts of `ccm/web/assets` and of the brief, from Streamlit's: run it after an upgrade.

    python tools/subset_fonts.py

Of the text font, what French, English and the names of the plan are written with stays; of the icon font, the
icons that Streamlit's programs and our own code name. The brief is set in files of one weight each, which
typesetters read, under a name of its own: the licence reserves that of a font that was changed.
"""

import re
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ccm.web.static import FONTS, stock  # noqa: E402 - from wherever this is run

ASSETS = ROOT / "ccm" / "web" / "assets"
#: Latin with its accents, Hausa's hooked letters, signs of print, arrows and bullets that the pages draw.
RANGES = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    0x152,
    0x153,
    0x160,
    0x161,
    0x178,
    0x17D,
    0x17E,
    0x0181,
    0x0199,
    0x0198,
    0x01B3,
    0x01B4,
    0x018A,
    0x0253,
    0x0257,
    0x0272,
    *range(0x1EBC, 0x1EBE),
    *range(0x2010, 0x2028),
    0x202F,
    *range(0x2030, 0x203B),
    0x2044,
    0x20AC,
    0x2192,
    0x2190,
    0x2191,
    0x2193,
    0x2212,
    0x2248,
    0x2260,
    0x2264,
    0x2265,
    0x25B2,
    0x25BC,
    0x2026,
    0xFFFD,
]
PRINT = ROOT / "ccm" / "exports" / "brief" / "fonts"
#: What names of people and places are written with in Latin, Greek and Cyrillic letters, and signs of print.
PRINTED = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),
    *range(0x250, 0x2B0),
    *range(0x370, 0x530),
    *range(0x1E00, 0x1F00),
    *RANGES,
]
#: The faces of the brief: name of the file, source, weight, style.
FACES = (
    ("Regular", "SourceSansVF-Upright", 400),
    ("SemiBold", "SourceSansVF-Upright", 600),
    ("Bold", "SourceSansVF-Upright", 700),
    ("Italic", "SourceSansVF-Italic", 400),
)
_FAMILY = "CCM Sans"
_ICON = re.compile(r"material/([a-z0-9_]+)")


def icons() -> set[str]:
    """The names of the icons that may be drawn."""
    sources = [*(stock() / "js").glob("*.js"), *(ROOT / "ccm").rglob("*.py")]
    return {name for path in sources for name in _ICON.findall(path.read_text(encoding="utf-8"))}


def main() -> None:
    """Write both fonts, and say how large they are."""
    theirs = {ours: next((stock() / "media").glob(f"{start}*")) for start, ours in FONTS.items()}
    options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True, layout_closure=False)
    text = subset.Subsetter(options)
    text.populate(unicodes=RANGES)
    _write("source-sans.woff2", theirs["source-sans.woff2"], text, options)
    symbols = TTFont(theirs["material-symbols.woff2"])
    known = set(symbols.getGlyphOrder())
    drawn = subset.Subsetter(options)
    drawn.populate(glyphs=sorted(icons() & known), unicodes=[*range(0x30, 0x3A), 0x5F, *range(0x61, 0x7B)])
    _write("material-symbols.woff2", theirs["material-symbols.woff2"], drawn, options)

    for style, start, weight in FACES:
        _face(style, next((stock() / "media").glob(f"{start}*")), weight)


def _face(style: str, source: Path, weight: int) -> None:
    options = subset.Options(layout_features=["*"], notdef_outline=True, name_IDs=["*"])
    font = instantiateVariableFont(TTFont(source, lazy=False), {"wght": weight}, inplace=True)
    kept = subset.Subsetter(options)
    kept.populate(unicodes=PRINTED)
    kept.subset(font)
    font.flavor = None
    font["OS/2"].usWeightClass = weight
    names = {
        1: f"{_FAMILY} {style}",
        2: "Regular",
        3: f"{_FAMILY}-{style}",
        4: f"{_FAMILY} {style}",
        6: f"CCMSans-{style}",
        16: _FAMILY,
        17: style,
    }
    font["name"].names = [record for record in font["name"].names if record.nameID in (0, 7, 13, 14)]
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    target = PRINT / f"CCMSans-{style}.ttf"
    font.save(target)
    print(f"{target.name}: {target.stat().st_size} bytes")


def _write(name: str, source: Path, subsetter: subset.Subsetter, options: subset.Options) -> None:
    font = subset.load_font(str(source), options)
    subsetter.subset(font)
    if name.startswith("source"):
        font = instantiateVariableFont(font, {"wght": (400, 700)})
    subset.save_font(font, str(ASSETS / name), options)
    print(f"{name}: {source.stat().st_size} -> {(ASSETS / name).stat().st_size} bytes")


if __name__ == "__main__":
    main()
