"""The glyph of a status where no HTML can stand: beside a choice that the host page draws."""

from collections.abc import Iterable
from urllib.parse import quote

from ccm.domain.vocabulary import Status
from ccm.i18n import DEFAULT_LOCALE
from ccm.render.environment import mark


def choices_sheet(selector: str, statuses: Iterable[Status]) -> str:
    """The rules that put each status's glyph before its choice; `selector` finds the list of choices."""
    return "\n".join(
        f'{selector} > :nth-child({place}) label p::before {{ content: url("{_url(status)}"); }}'
        for place, status in enumerate(statuses, start=1)
    )


def _url(status: Status) -> str:
    drawn = str(mark("glyph", DEFAULT_LOCALE, status))
    alone = drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" width="18" height="18" ', 1)
    return f"data:image/svg+xml,{quote(alone)}"
