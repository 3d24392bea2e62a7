"""What a reader sees when something fails: one sentence that says what to do, never a traceback."""

import logging
import secrets

from ccm.domain.errors import CcmError, StoreUnavailable
from ccm.i18n import translator
from ccm.render import block
from ccm.ui.address import language
from ccm.ui.html import show

_log = logging.getLogger("ccm")


def refused(error: CcmError, locale: str) -> None:
    """Show what a person can mend, in the reader's language."""
    if isinstance(error, StoreUnavailable):
        _log.error("%s", error)
    message = translator(locale).gettext(error.message)
    show(
        block(
            "failure.html",
            locale,
            sentence=message % error.values if error.values else message,
            reference=None,
        )
    )


def incident(error: BaseException) -> bool:
    """Show an unforeseen failure under a reference number, and log it whole under the same number."""
    reference = secrets.token_hex(2).upper()
    _log.error("incident %s", reference, exc_info=error)
    show(block("failure.html", language(), sentence=None, reference=reference))
    return True
