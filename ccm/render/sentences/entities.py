"""What the pages of regions and institutions say in words: headline, order, who must act."""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ccm.domain.vocabulary import COLLECTIVE_KINDS, EntityKind, Status
from ccm.i18n import N_, numbers, translator
from ccm.queries.entity import EntityInFull
from ccm.queries.institutions import Institutions
from ccm.queries.regions import Regions, is_quiet, quietest
from ccm.queries.results import EntityRef, GroupLine
from ccm.render.blocks import Action
from ccm.render.links import Links
from ccm.render.sentences.words import listed, past_due

#: Feminine, as « région », « institution », « catégorie »; beyond, figures.
_WORDS = (
    N_("aucune"),
    N_("une"),
    N_("deux"),
    N_("trois"),
    N_("quatre"),
    N_("cinq"),
    N_("six"),
    N_("sept"),
    N_("huit"),
    N_("neuf"),
    N_("dix"),
    N_("onze"),
    N_("douze"),
)
_HALF = 500


def in_words(number: int, locale: str) -> str:
    """A feminine number in words up to twelve: « huit »; in figures beyond."""
    return (
        translator(locale).gettext(_WORDS[number])
        if number < len(_WORDS)
        else numbers.integer(number, locale)
    )


def answers_href(links: Links, entity: EntityRef, **filters: str) -> str:
    """The register's answers of one entity, under further filters by their Python names."""
    return links.rows_of(entity.key).answers(**filters)


def figure_href(links: Links, entity: EntityRef, as_of: dt.date) -> str:
    """The short permanent link of an entity's figures at a date."""
    kind = entity.kind if entity.kind in (EntityKind.REGION, EntityKind.MINISTRY) else "entity"
    return links.to(f"/f/{kind}/{entity.key}", date=as_of.isoformat())


def regions_headline(regions: Regions, as_of: dt.date, locale: str) -> str:
    """The page's answer: how far the regions are, and which of them answered little."""
    t, total = translator(locale), regions.total.figures
    if not regions.lines:
        message = t.gettext("Aucune région n’était en suivi au %(date)s.")
        return message % {"date": numbers.day(as_of, locale)}
    if not regions.spoken:
        return _opening(regions_in_words(len(regions.lines), locale), total.expected, as_of, locale)
    first = _ahead(regions.lines, locale)
    second = _but(
        regions.lines, N_("%(n)s régions ont répondu à moins d’une demande sur deux, dont %(who)s"), locale
    )
    return _sentence(first, second, locale)


def institutions_headline(found: Institutions, as_of: dt.date, locale: str) -> str:
    """The page's answer: what institutions were asked and said, and which of them answered little."""
    t = translator(locale)
    if not found.lines:
        message = t.gettext("Aucune institution n’était en suivi au %(date)s.")
        return message % {"date": numbers.day(as_of, locale)}
    if not found.spoken:
        return _opening(_who_is_asked(found, locale), found.expected, as_of, locale)
    received = t.ngettext(
        "%(n)s réponse reçue sur les %(of)s attendues des ministères et autres acteurs",
        "%(n)s réponses reçues sur les %(of)s attendues des ministères et autres acteurs",
        found.answered,
    )
    first = received % _counts(found.answered, found.expected, locale)
    second = _but(
        found.lines, N_("%(n)s acteurs ont répondu à moins d’une demande sur deux, dont %(who)s"), locale
    )
    return _sentence(first, second, locale)


def regions_in_words(number: int, locale: str) -> str:
    """« Huit régions »."""
    message = translator(locale).ngettext("%(n)s région", "%(n)s régions", number)
    return _capital(message % {"n": in_words(number, locale)})


def why_shown(lines: Sequence[GroupLine], locale: str) -> str:
    """Why an entity nobody chose is shown in full."""
    t = translator(locale)
    if any(line.figures.answered for line in lines):
        return t.gettext("Montré d’office : la plus petite part de réponses données.")
    return t.gettext("Montré d’office : le plus grand nombre de réponses attendues.")


def order(lines: Sequence[GroupLine], locale: str) -> str:
    """In which order the lines stand, and why some are not ranked."""
    t = translator(locale)
    quiet = sum(is_quiet(line.figures) for line in lines)
    if not quiet:
        return t.gettext("Par avancement décroissant.")
    if quiet == len(lines):
        return t.gettext("Par nom, sans classement : aucune n’a répondu à la moitié de ses demandes.")
    return t.gettext(
        "Par avancement décroissant ; sans classement, celles qui ont répondu à moins d’une demande sur deux."
    )


def shown_first(lines: Sequence[GroupLine]) -> GroupLine | None:
    """The entity to show in full where nobody chose one."""
    return quietest(lines)


def entity_actions(found: EntityInFull, line: GroupLine, links: Links, locale: str) -> tuple[Action, ...]:
    """What an entity's answers ask for, each with who must act."""
    t, of, entity = translator(locale), line.figures, line.entity
    if entity is None:
        return ()
    secretariat = t.gettext("Secrétariat permanent")
    actions = []
    if of.blocked:
        title = t.ngettext("engagement bloqué", "engagements bloqués", of.blocked)
        lifters = [who.short_name if who else secretariat for who, _ in found.lifters]
        href = answers_href(links, entity, status=Status.BLOCKED)
        actions.append(Action(of.blocked, title, href, (), listed(lifters, locale)))
    if of.overdue:
        title = t.ngettext("réponse en retard", "réponses en retard", of.overdue)
        details = (past_due(of.overdue, t),)
        actions.append(
            Action(of.overdue, title, answers_href(links, entity, overdue="1"), details, entity.short_name)
        )
    if of.not_reported:
        title = t.ngettext("réponse manque", "réponses manquent", of.not_reported)
        href = answers_href(links, entity, status=Status.NOT_REPORTED)
        actions.append(Action(of.not_reported, title, href, (), entity.short_name))
    return (*actions, *_to_name(entity, secretariat, locale))


def _to_name(entity: EntityRef, secretariat: str, locale: str) -> list[Action]:
    """Who the Secretariat must name before answers can come."""
    t = translator(locale)
    if entity.kind in COLLECTIVE_KINDS:
        title = t.gettext("institution à préciser")
        detail = t.gettext("Acteur collectif : l’institution qui répond n’est pas nommée.")
        return [Action(1, title, None, (detail,), secretariat)]
    if entity.focal_points:
        return []
    detail = t.gettext("Personne n’est désigné pour répondre.")
    return [Action(1, t.gettext("point focal à désigner"), None, (detail,), secretariat)]


def _opening(who: str, expected: int, as_of: dt.date, locale: str) -> str:
    """While nobody has answered: who is asked, and for how many answers."""
    t = translator(locale)
    if not expected:
        return t.gettext("%(who)s, aucune réponse attendue au %(date)s.") % {
            "who": who,
            "date": numbers.day(as_of, locale),
        }
    tail = t.ngettext(
        "%(n)s réponse attendue, aucune reçue au %(date)s.",
        "%(n)s réponses attendues, aucune reçue au %(date)s.",
        expected,
    )
    return f"{who}, {tail % {'n': numbers.integer(expected, locale), 'date': numbers.day(as_of, locale)}}"


def _who_is_asked(found: Institutions, locale: str) -> str:
    t = translator(locale)
    institutions, classes = len(found.ministries) + len(found.agencies), len(found.classes)
    parts = []
    if institutions:
        message = t.ngettext("%(n)s institution", "%(n)s institutions", institutions)
        parts.append(message % {"n": in_words(institutions, locale)})
    if classes:
        message = t.ngettext("%(n)s catégorie d’acteurs", "%(n)s catégories d’acteurs", classes)
        parts.append(message % {"n": in_words(classes, locale)})
    return _capital(listed(parts, locale))


def _ahead(lines: Sequence[GroupLine], locale: str) -> str:
    """How many have come half the way; no podium for those who answered less than half."""
    t = translator(locale)
    heard = [line for line in lines if line.figures.expected and not is_quiet(line.figures)]
    heard.sort(key=lambda line: -(line.figures.completion or 0))
    if not heard:
        return t.gettext("Aucune région n’a répondu à la moitié de ses demandes")
    ahead = [line for line in heard if numbers.tenths(line.figures.completion or Fraction(0)) >= _HALF]
    best = {"name": heard[0].label, "percent": numbers.percent(heard[0].figures.completion, locale)}
    if not ahead:
        return t.gettext("Aucune région n’a fait la moitié du chemin (%(name)s, %(percent)s)") % best
    if len(ahead) == 1:
        return t.gettext("Seule %(name)s a fait la moitié du chemin (%(percent)s)") % best
    if len(ahead) == len(lines):
        message = t.gettext("Les %(n)s régions ont fait la moitié du chemin, %(name)s en tête (%(percent)s)")
    else:
        message = t.gettext("%(n)s régions ont fait la moitié du chemin, %(name)s en tête (%(percent)s)")
    return message % {"n": in_words(len(ahead), locale), **best}


def _but(lines: Sequence[GroupLine], several: str, locale: str) -> str:
    """What the first half would hide: who answered little, what is missing, late or blocked."""
    t = translator(locale)
    quiet = [line for line in lines if is_quiet(line.figures)]
    worst = quietest(quiet)
    if worst and len(quiet) == 1:
        return _answered_little(worst, locale)
    if worst:
        who = t.gettext("%(name)s (%(n)s sur %(of)s)") % {"name": worst.label, **_line_counts(worst, locale)}
        return t.gettext(several) % {"n": in_words(len(quiet), locale), "who": who}
    return _left(lines, locale)


def _answered_little(line: GroupLine, locale: str) -> str:
    t = translator(locale)
    if not line.figures.answered:
        return t.gettext("%(name)s n’a encore rien transmis") % {"name": line.label}
    message = t.ngettext(
        "%(name)s n’a répondu qu’à %(n)s demande sur %(of)s",
        "%(name)s n’a répondu qu’à %(n)s demandes sur %(of)s",
        line.figures.answered,
    )
    return message % {"name": line.label, **_line_counts(line, locale)}


def _left(lines: Sequence[GroupLine], locale: str) -> str:
    t = translator(locale)
    missing, overdue, blocked = (
        sum(getattr(line.figures, name) for line in lines) for name in ("not_reported", "overdue", "blocked")
    )
    if missing:
        worst = max(lines, key=lambda line: line.figures.not_reported)
        message = t.ngettext(
            "%(n)s réponse manque encore (%(name)s)",
            "%(n)s réponses manquent encore, dont %(of)s attendues de %(name)s",
            missing,
        )
        return message % {"name": worst.label, **_counts(missing, worst.figures.not_reported, locale)}
    if overdue:
        message = t.ngettext(
            "tout est renseigné, %(n)s réponse est en retard",
            "tout est renseigné, %(n)s réponses sont en retard",
            overdue,
        )
        return message % {"n": numbers.integer(overdue, locale)}
    if blocked:
        message = t.ngettext(
            "tout est renseigné, %(n)s engagement est bloqué",
            "tout est renseigné, %(n)s engagements sont bloqués",
            blocked,
        )
        return message % {"n": numbers.integer(blocked, locale)}
    return t.gettext("toutes les réponses attendues sont reçues")


def _counts(n: int, of: int, locale: str) -> dict[str, Any]:
    return {"n": numbers.integer(n, locale), "of": numbers.integer(of, locale)}


def _line_counts(line: GroupLine, locale: str) -> dict[str, Any]:
    return _counts(line.figures.answered, line.figures.expected, locale)


def _sentence(first: str, second: str, locale: str) -> str:
    joined = translator(locale).gettext("%(first)s ; %(second)s") % {"first": first, "second": second}
    return f"{_capital(joined)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
