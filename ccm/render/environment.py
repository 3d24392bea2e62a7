"""The templates' environment: one per language, with its messages, numbers and marks."""

import datetime as dt
import re
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ccm.domain.dates import local_time
from ccm.domain.labels import kind_heading, label, letter, meaning
from ccm.i18n import known_locale, numbers, translator
from ccm.render.marks import template_globals
from ccm.render.sentences.words import key_range, share, short_key

TEMPLATES = Path(__file__).parent / "templates"
#: Where the first screen of a page ends: a comment, which `ccm.web.pieces` takes out.
FOLD = "<!--fold-->"
#: What HTML and Markdown call white space; spaces that do not break are text and stay.
_BLANK = " \t\r\n\f\v"
#: The space that French sets before a sign, or inside its quotation marks.
_HIGH = re.compile(r" (?=[;:!?»])|(?<=«) ")


def compact(html: str) -> Markup:
    """The same HTML on one line, as one Markdown HTML block asks.

    Markdown ends an HTML block at a blank line and reads four leading spaces as code: neither may
    come out of a template, nor out of a text that somebody typed. Streamlit looks at each line of it, at
    each run.
    """
    lines = (line.strip(_BLANK) for line in html.splitlines())
    return Markup(" ".join(line for line in lines if line))  # noqa: S704 - `html` came out of a template


def render(template: str, locale: str, /, **context: Any) -> Markup:
    """One template of `ccm/render/templates` as compact HTML in one language (`fr`, `en`)."""
    return compact(environment(locale).get_template(template).render(**context))


def in_block(locale: str, *parts: str) -> Markup:
    """Parts of a page in the element that gives them style and language: what `st.markdown` is handed.

    Parts that are not Markup are escaped.
    """
    return compact(Markup('<div class="ccm" lang="{}">\n{}\n</div>').format(locale, Markup("\n").join(parts)))


def block(template: str, locale: str, /, **context: Any) -> Markup:
    """As `render`, inside the element that gives a block its style."""
    return in_block(locale, render(template, locale, **context))


def mark(name: str, locale: str, /, *args: Any, **options: Any) -> Markup:
    """One macro of `marks.html` by its name, as compact HTML: `mark("status_bar", "fr", figures)`."""
    macro = getattr(environment(locale).get_template("marks.html").module, name)
    return compact(macro(*args, **options))


def ordinal_html(number: int, locale: str) -> Markup:
    """The rank of a session with its ending raised: 7<sup>e</sup>."""
    return Markup("{}<sup>{}</sup>").format(number, numbers.ordinal_suffix(number, locale))


def ranked(text: str) -> Markup:
    """A plain sentence of ours, escaped, the ending of a session's rank raised."""
    raised = Markup("<sup>{}</sup>")
    return Markup("").join(raised.format(part) if up else part for part, up in numbers.raised(text))


def paragraphs(text: str) -> Markup:
    """A text that somebody typed, escaped, with its line breaks; no line begins with « ; » or « : »."""
    kept = [_HIGH.sub("\N{NO-BREAK SPACE}", line.strip()) for line in text.splitlines() if line.strip()]
    return Markup("<br>").join(escape(line) for line in kept)


def as_typed(text: str) -> Markup:
    """A text as it was typed, for a field of a form: `compact` leaves its lines as they are."""
    # Markup escapes what it puts in too, and a line break has no other form here.
    return Markup(str(escape(text)).replace("\r", "").replace("\n", "&#10;"))  # noqa: S704 - escaped above


def excerpt(text: str, length: int = 78) -> str:
    """The first words of a text, at most `length` characters, and an ellipsis where it is cut."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


@cache
def environment(locale: str) -> Environment:
    """The environment of one language: autoescape, strict names, `_()` and `{% trans %}`."""
    locale = known_locale(locale)
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    env.policies["ext.i18n.trimmed"] = True
    t = translator(locale)
    install = env.install_gettext_callables  # type: ignore[attr-defined]
    install(t.gettext, t.ngettext, newstyle=True, pgettext=t.pgettext, npgettext=t.npgettext)
    env.filters.update(_filters(locale))
    env.globals.update(_globals(locale))
    return env


def _filters(locale: str) -> dict[str, Any]:
    t = translator(locale)

    def delta(points: Fraction | None) -> str:
        return numbers.delta(points, locale)

    def delta_pts(points: Fraction | None) -> str:
        return numbers.delta(points, locale, unit=True)

    def day(value: dt.date | dt.datetime | None) -> str:
        # An instant falls on the day that it is in Niamey.
        return numbers.day(local_time(value) if isinstance(value, dt.datetime) else value, locale)

    return {
        "percent": lambda value: numbers.percent(value, locale),
        "whole_percent": lambda value: numbers.whole_percent(value, locale),
        "decimal": lambda value: numbers.decimal(value, locale),
        "delta": delta,
        "delta_pts": delta_pts,
        "integer": lambda value: numbers.integer(value, locale),
        "day": day,
        "quarter": lambda value: numbers.quarter(value, locale),
        "age": lambda days: numbers.age(days, locale),
        "is_old": numbers.is_old,
        "ordinal": lambda number: ordinal_html(number, locale),
        "ranked": ranked,
        "label": lambda code: label(code, t),
        "letter": lambda status: letter(status, t),
        "meaning": lambda status: meaning(status, t),
        "kind_heading": lambda kind: kind_heading(kind, t),
        "moment": lambda instant: numbers.moment(local_time(instant) if instant else None, locale),
        "clock": lambda instant: numbers.clock(local_time(instant), locale),
        "kilobytes": lambda size: numbers.kilobytes(size, locale),
        "translated": lambda message, values=(): _filled(t.gettext(message), dict(values)),
        "first_capital": lambda text: text[:1].upper() + text[1:],
        "paragraphs": paragraphs,
        "as_typed": as_typed,
        "excerpt": excerpt,
    }


def _filled(message: str, values: dict[str, str]) -> str:
    return message % values if values else message


def _globals(locale: str) -> dict[str, Any]:
    return {
        "locale": locale,
        "fold": Markup(FOLD),  # noqa: S704 - a constant of ours
        "percent_sign": numbers.percent_sign(locale),
        "short_key": short_key,
        "key_range": lambda keys: key_range(keys, locale),
        "share": share,
        **template_globals(locale),
    }
