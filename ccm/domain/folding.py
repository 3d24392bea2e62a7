"""One spelling for comparison: without accents, case, or doubled spaces."""

import unicodedata


def fold(text: str) -> str:
    """`Tillabéri ` and `TILLABERI` both become `tillaberi`; ligatures are taken apart."""
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.casefold().replace("’", "'").split())
