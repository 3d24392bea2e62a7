"""Every action that the journal can hold has words, in both languages."""

import ast
from collections.abc import Iterator

import pytest

from ccm.i18n import translator
from ccm.render.sentences import journal as say
from tests.support.machine import ROOT

#: Actions whose name is put together: by the state of a report, by the kind of an object.
MADE = {
    "report.submitted",
    "report.validated",
    *(f"{kind}.{what}" for kind in ("assignment", "recommendation") for what in ("added", "changed")),
    "session.changed",
} - {"recommendation.added"}


def _actions() -> Iterator[str]:
    for path in (ROOT / "ccm").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Entry", "_told"):
                yield from (
                    one.value
                    for one in node.args
                    if isinstance(one, ast.Constant) and isinstance(one.value, str) and "." in one.value
                )


@pytest.mark.parametrize("action", sorted({*_actions(), *MADE}))
def test_an_action_has_words(action: str) -> None:
    told = [say.action(action, translator(locale)) for locale in ("fr", "en")]
    assert action not in told
    assert told[0] != told[1]
