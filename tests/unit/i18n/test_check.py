"""What the check of the translations sees: messages inside f-strings too, which extraction does not read."""

from pathlib import Path

import pytest

from ccm.i18n.check import hidden

WRITTEN = """from ccm.i18n import N_, translator

NAMES = {"axis": N_("Axe")}


def told(self, name, many, t):
    plain = t.gettext("Rien à donner aujourd’hui")
    of_a_name = f"{t.gettext(NAMES[name])} {plain}"
"""


@pytest.mark.parametrize(
    "call",
    [
        "t.gettext('démonstration')",
        "self._('De même pour %(short)s.') % {'short': name}",
        "t.ngettext('%(n)s réponse', '%(n)s réponses', many) % {'n': many}",
        "', '.join([translator(name).pgettext('trimestre', 'T')])",
        "N_('Axe')",
        "f'{t.gettext(\"Axe\")}'",
    ],
)
def test_a_message_inside_an_f_string_is_found(tmp_path: Path, call: str) -> None:
    source = tmp_path / "ccm" / "told.py"
    source.parent.mkdir()
    source.write_text(WRITTEN)
    assert list(hidden(tmp_path)) == []
    source.write_text(f"{WRITTEN}    return f'''({{{call}}}) {{plain}}'''\n")
    assert [line.partition(" ")[0] for line in hidden(tmp_path)] == ["hidden:"]
