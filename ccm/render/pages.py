"""The pages there are: the router, links and the answer to a wrong path take their paths and names here."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from ccm.domain.folding import fold
from ccm.i18n import N_

_KEY = re.compile(r"CCM\d{1,3}-[A-Z0-9]{1,4}-\d{1,6}")
_LONGEST_WORD = 60


#: What stands before the paths of the light pages: whole documents without a script.
LIGHT = "/leger"


@dataclass(frozen=True)
class PageName:
    """Where a page is, and its title (a French gettext id); `light`: whether it is a light page too."""

    path: str
    title: str
    light: bool = False

    @property
    def light_path(self) -> str:
        """Where the light page is."""
        return f"{LIGHT}{self.path}".rstrip("/")


#: Every page by the name of its script.
PAGES = {
    "overview": PageName("/", N_("Vue d’ensemble"), light=True),
    "register": PageName("/recommandations", N_("Recommandations"), light=True),
    "recommendation": PageName("/recommandation", N_("Recommandation"), light=True),
    "regions": PageName("/regions", N_("Régions"), light=True),
    "institutions": PageName("/institutions", N_("Institutions"), light=True),
    "explorer": PageName("/explorer", N_("Explorer")),
    "method": PageName("/methode", N_("Méthode"), light=True),
    "my_space": PageName("/mon-espace", N_("Mon espace"), light=True),
    "answer": PageName("/repondre", N_("Répondre"), light=True),
    "validation": PageName("/validation", N_("Validation"), light=True),
    "silence": PageName("/relances", N_("Relances")),
    "journal": PageName("/journal", N_("Journal")),
    "administration": PageName("/administration", N_("Administration")),
}
#: These show something only where the address says of what.
_OF_ONE = ("recommendation", "answer")
_LIGHT = {page.path: page.light_path for page in PAGES.values() if page.light}
_BY_WORD = {page.path.strip("/"): page for name, page in PAGES.items() if name not in _OF_ONE}


def is_page(path: str) -> bool:
    """Whether there is a page at this path."""
    return any(path in (page.path, f"{page.path}/") for page in PAGES.values())


def page_at(path: str) -> PageName:
    """The page at this path; raises StopIteration where there is none."""
    return next(page for page in PAGES.values() if path in (page.path, f"{page.path}/"))


def light_path(path: str) -> str:
    """Where the light page of a path is; the path itself where there is none."""
    return _LIGHT.get(path, path)


def meant(path: str) -> tuple[PageName, ...]:
    """The pages that a wrong path most probably meant: those of a like name, then the first two."""
    words = [fold(part)[:_LONGEST_WORD] for part in path.split("/")[:5] if part]
    near = [_BY_WORD[found] for word in words for found in get_close_matches(word, _BY_WORD, n=1, cutoff=0.7)]
    return tuple(dict.fromkeys([*near, PAGES["overview"], PAGES["register"]]))


def key_in(path: str) -> str | None:
    """The key of a recommendation that stands in a path; None where there is none."""
    found = _KEY.search(path.upper())
    return found.group() if found else None
