"""What leaves a template: one Markdown block, in one language, with user text that stays text."""

import datetime as dt
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from markupsafe import Markup

from ccm.render import Action, Links, block, compact, environment, in_block, mark
from ccm.render.environment import as_typed, excerpt, paragraphs
from tests.unit.render.results import HOSTILE, PLAN, SCOPE, SILENT


class _Elements(HTMLParser):
    """The names of the elements and of their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.opened: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened[tag] += 1
        self.attributes |= {name for name, _ in attrs}


def _is_one_block(html: str) -> bool:
    return html.startswith("<div") and "\n" not in html


def _marks_of(text: str) -> dict[str, Markup]:
    action = Action(3, text, Links().overview(), (text,), text)
    return {
        "action_block": mark("action_block", "fr", text, [action]),
        "doubt": mark("doubt", "fr", text, text, quote=text, reading=text, href="/", link=text, who=text),
        "empty": mark("empty", "fr", text, href="/", link=text),
        "row_head": mark("row_head", "fr", text, href="/?q=" + text, sub=text),
        "num": mark("num", "fr", text, label=text),
        "breadcrumb": mark("breadcrumb", "fr", [(text, "/"), (text, None)]),
    }


@pytest.mark.parametrize("name", _marks_of("x"))
def test_user_text_stays_text_in_one_block(name: str) -> None:
    html = in_block("fr", _marks_of(HOSTILE)[name])
    found = _Elements(html)
    assert not {"img", "script"} & set(found.opened)
    assert "onerror" not in found.attributes
    assert html.count("</div>") == found.opened["div"]
    assert _is_one_block(html)


def test_a_part_that_is_not_markup_is_escaped() -> None:
    assert in_block("fr", "<b>") == '<div class="ccm" lang="fr"> &lt;b&gt; </div>'


def test_compact_keeps_what_does_not_break() -> None:
    assert compact("  <p>\n\n   a\N{NO-BREAK SPACE}\n\t\n</p> ") == "<p> a\N{NO-BREAK SPACE} </p>"


def test_text_helpers() -> None:
    assert paragraphs("<a>\n\n b ") == "&lt;a&gt;<br>b"
    assert excerpt("un deux trois", 9) == "un deux…"
    assert excerpt("un  deux") == "un deux"


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("of", [PLAN, SILENT])
def test_marks_speak_one_language(locale: str, of: object) -> None:
    html = mark("trio", locale, of)
    assert ("Avancement" in html) == (locale == "fr")
    assert ("Mean progress" in html) == (locale == "en")


def test_a_block_says_its_language() -> None:
    assert block("marks.html", "en").startswith('<div class="ccm" lang="en">')


def test_marks_are_all_there() -> None:
    """Every macro that the heading of `marks.html` lists can be called, and every macro is listed."""
    template = environment("fr").get_template("marks.html")
    source = environment("fr").loader.get_source(environment("fr"), "marks.html")[0]  # type: ignore[union-attr]
    heading = source.split("#}")[0]
    exported = [name for name in dir(template.module) if not name.startswith("_")]
    assert [name for name in exported if f"{name}(" not in heading] == []


def test_the_demonstration_says_so() -> None:
    assert "Données de démonstration" in mark("app_header", "fr", scope=SCOPE)
    assert "Données de démonstration" not in mark("app_header", "fr")
    assert "Demonstration data" in mark("demo_banner", "en", SCOPE)


def test_the_scope_line_names_session_and_dates() -> None:
    html = mark("scope_line", "fr", SCOPE)
    assert "7<sup>e</sup> session" in html
    assert "situation au 30/06/2024" in html
    assert "depuis le 31/12/2023" in html


def test_the_footer_counts() -> None:
    html = mark("footer", "fr", SCOPE, PLAN, Links())
    assert (
        "317 réponses attendues, 1 engagement abandonné hors compte, 48 recommandations, 4 non attribuées"
        in re.sub("<[^>]+>", "", html)
    )
    # Every count leads to its rows.
    for way in ("vue=reponses", "vue=reponses&amp;statut=dropped", "non_attribuee=1"):
        assert f'href="/recommandations?{way}"' in html
    assert 'href="/f/plan/coverage?date=2024-06-30"' in html


def test_an_instant_falls_on_its_day_in_niamey() -> None:
    late = dt.datetime(2024, 6, 30, 23, 30, tzinfo=dt.UTC)
    drawn = environment("fr").from_string("{{ late|day }} · {{ late|moment }} · {{ late.date()|day }}")
    assert drawn.render(late=late).replace("\xa0", " ") == "01/07/2024 · 01/07/2024, 00 h 30 · 30/06/2024"


def test_a_text_stands_in_a_field_as_it_was_typed() -> None:
    """Its lines too, which a page on one line would else lose; and nothing of it is markup."""
    typed = 'un <b>\r\n\n  deux & "trois"&#10;\n'
    page = compact(f"<textarea>{as_typed(typed)}</textarea>")
    held: list[str] = []
    reader = HTMLParser()
    reader.handle_data = held.append  # type: ignore[method-assign]
    reader.feed(page)
    assert "".join(held) == typed.replace("\r", "")
