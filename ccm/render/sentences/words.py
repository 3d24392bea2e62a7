"""Small parts sentences share."""

from collections.abc import Sequence
from fractions import Fraction

from ccm.i18n import Translator, numbers, translator


def listed(names: Sequence[str], locale: str, most: int = 3) -> str:
    """« Diffa, Tillabéri et Zinder »; beyond `most`, « … et 4 autres »."""
    t = translator(locale)
    shown = list(names[:most])
    left = len(names) - len(shown)
    if left:
        others = t.ngettext("%(n)s autre", "%(n)s autres", left) % {"n": left}
        shown.append(others)
    if len(shown) < 2:
        return "".join(shown)
    return t.gettext("%(first)s et %(last)s") % {"first": ", ".join(shown[:-1]), "last": shown[-1]}


def points(value: Fraction, locale: str) -> str:
    """« +17,1 points », with its sign, without the arrow of a table's cell."""
    t = translator(locale)
    text = numbers.delta(value, locale).split(" ", 1)[1]
    many = abs(numbers.tenths(value)) >= 20
    return t.ngettext("%(n)s point", "%(n)s points", 2 if many else 1) % {"n": text}


def short_key(key: str) -> str:
    """`CCM7-A1-05` is shown `A1-05`."""
    return key.partition("-")[2] or key


def key_range(keys: Sequence[str], locale: str) -> str:
    """« A3-10 à A3-13 » where the keys follow one another; listed otherwise."""
    shown = [short_key(key) for key in keys]
    axis, _, first = shown[0].rpartition("-")
    numbers_found = [key.rpartition("-") for key in shown]
    run = all(part[0] == axis and int(part[2]) == int(first) + i for i, part in enumerate(numbers_found))
    if run and len(shown) > 2:
        return translator(locale).gettext("%(first)s à %(last)s") % {"first": shown[0], "last": shown[-1]}
    return listed(shown, locale, most=4)


def share(part: int, whole: int) -> Fraction | None:
    """`part` of `whole` as a percentage 0..100; None of nothing."""
    return Fraction(100 * part, whole) if whole else None


def past_due(number: int, t: Translator) -> str:
    """What late answers are: past their date, and neither done nor dropped."""
    return t.ngettext(
        "Échéance passée, ni réalisée ni abandonnée.", "Échéance passée, ni réalisées ni abandonnées.", number
    )
