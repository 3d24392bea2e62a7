"""`docs/figures.md` says what the registry and the worked example say."""

from pathlib import Path

from ccm.cli.docs import TARGET, document, main
from ccm.i18n import translator
from ccm.metrics.registry import METRICS


def test_the_document_is_fresh() -> None:
    assert TARGET.read_text(encoding="utf-8") == document()
    assert main(["--check"]) is None


def test_a_stale_or_missing_document_is_told_and_written(tmp_path: Path) -> None:
    target = tmp_path / "docs" / "figures.md"
    assert "stale" in str(main(["--check"], target))
    assert main([], target) is None
    assert main(["--check"], target) is None
    target.write_text(document() + "more\n", encoding="utf-8")
    assert "python -m ccm.cli.docs" in str(main(["--check"], target))


def test_other_arguments_are_refused(tmp_path: Path) -> None:
    target = tmp_path / "figures.md"
    assert "usage" in str(main(["--chekc"], target))
    assert not target.exists()


def test_it_holds_every_figure_and_every_number_of_the_example() -> None:
    text = document().replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert all(f"`{known.key}`" in text for known in METRICS)
    assert all(translator("fr").gettext(known.definition) in document() for known in METRICS)
    for number in ("41,7 %", "53,1 %", "83,3 %", "58,3 %", "62,5 %", "sur 12", "| 1 |"):
        assert number in text
