"""What holds a file back: an address of which something means nothing."""

from collections.abc import Iterable, Mapping

from ccm.domain.errors import CcmError
from ccm.render.environment import excerpt
from ccm.screens.choice import shared
from ccm.screens.view import View


def require_understood(
    view: View, parameters: Mapping[str, str], others: Iterable[tuple[str, str]] = ()
) -> None:
    """Raise CcmError for the shared parameters that mean nothing, and for these other ones.

    A page says so beside what it shows; a file that shows something else than was asked for cannot.
    """
    said = shared(parameters)
    unread = [*((name, said[name]) for name in view.choice.unknown), *others]
    if unread:
        raise CcmError(
            "Rien n’est exporté : « %(what)s » ne se comprend pas, ou n’est pas connu. "
            "Corrigez, puis recommencez.",
            what=", ".join(excerpt(f"{name}={value}", 60) for name, value in unread),
        )
