"""Passwords: what is accepted, how they are kept, and how a guess is told from a password in equal time."""

import re
import threading
import unicodedata
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn import zxcvbn

from ccm.domain.errors import Problem
from ccm.domain.folding import fold
from ccm.domain.vocabulary import UserRole

#: Argon2id, 19 MiB, two passes: OWASP's least, so that a small server signs in many people at once.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
#: As many hashes at once as the memory of a small server holds.
_AT_ONCE = threading.BoundedSemaphore(4)
#: What an unknown name is checked against, so that it takes as long as a known one.
_NOBODYS = _HASHER.hash("personne n'a ce mot de passe")

_SHORTEST, _SHORTEST_SECRETARIAT, _LONGEST = 12, 15, 128
_SECRETARIAT = (UserRole.VALIDATOR, UserRole.ADMINISTRATOR)
#: From 0 (guessed at once) to 4: three common words, or a name, a year and three marks, reach 3 only.
_STRENGTH = 4
#: Beyond this the estimate only takes time: what is longer is strong by its length.
_LONGEST_ESTIMATED = 72
#: Words an attacker of this dashboard tries first, beside the English lists that the estimate brings along:
#: those of the place and its work, then the 4,000 commonest of French, each without accents.
_OF_THE_PLACE, _COMMON = (
    Path(__file__).with_name(name).read_text(encoding="utf-8").split()
    for name in ("context_words.txt", "common_words.txt")
)
_FIRST_TRIED = [*_OF_THE_PLACE, *_COMMON]


def shortest(role: UserRole) -> int:
    """The fewest characters a password of this role may have."""
    return _SHORTEST_SECRETARIAT if role in _SECRETARIAT else _SHORTEST


def problems(password: str, role: UserRole, *own_words: str) -> list[Problem]:
    """What is wrong with a new password; no composition rule, pasting and any character allowed."""
    least, length = shortest(role), len(_normal(password))
    if length < least:
        return [Problem("le mot de passe compte %(n)s caractères : %(least)s au moins", _told(length, least))]
    if length > _LONGEST:
        return [
            Problem("le mot de passe compte %(n)s caractères : %(least)s au plus", _told(length, _LONGEST))
        ]
    # Accents and capitals are what a guess varies first: they make nothing stronger.
    estimated = fold(password)[:_LONGEST_ESTIMATED]
    own = [part for word in own_words for part in _words(word)]
    # However many they are, words of the account and of the place are tried together first.
    words = set(_words(password))
    known = bool(words) and words <= {*own, *_OF_THE_PLACE}
    weak = len(set(password)) < 5 or known
    if weak or zxcvbn(estimated, user_inputs=[*own, *_FIRST_TRIED])["score"] < _STRENGTH:
        return [
            Problem(
                "ce mot de passe se devine trop vite : choisissez quatre ou cinq mots sans rapport entre eux"
            )
        ]
    return []


def _words(text: str) -> list[str]:
    """Its words as a guess would have them: no accents, no capitals, no numbers."""
    return re.findall(r"[^\W\d_]+", fold(text))


def hashed(password: str) -> str:
    """What the store keeps of a password: a PHC string of Argon2id."""
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether a password is the one of this hash. Without a hash it takes as long, and is not."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _NOBODYS, _normal(password)) and kept is not None
        except (VerifyMismatchError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


def _normal(password: str) -> str:
    # The same letters typed on two keyboards are one password; nothing else of it is changed.
    return unicodedata.normalize("NFC", password)


def _told(length: int, bound: int) -> tuple[tuple[str, str], ...]:
    return (("n", str(length)), ("least", str(bound)))
