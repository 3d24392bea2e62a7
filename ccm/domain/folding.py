"""One spelling for comparison: without accents, case, or doubled spaces."""

import re
import unicodedata

_WORD = re.compile("[a-z'-]{4,}")


def fold(text: str) -> str:
    """`Tillabéri ` and `TILLABERI` both become `tillaberi`; ligatures are taken apart."""
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.casefold().replace("’", "'").split())


def other_number(word: str) -> str | None:
    """A folded French word in the singular where its ending is a plural's, else its plural in `-aux`.

    `migrants` gives `migrant`, `regionaux` gives `regional` and the reverse. None where the other form
    holds the word itself, as `migrants` does `migrant`, and for short words and what is no word.
    """
    if not _WORD.fullmatch(word):
        return None
    if word.endswith("al"):
        return word[:-1] + "ux"
    if word.endswith("aux") and not word.endswith("eaux"):
        return word[:-2] + "l"
    ends_as_plural = word.endswith(("s", "eux", "oux", "eaux")) and not word.endswith("ss")
    return word[:-1] if ends_as_plural else None
