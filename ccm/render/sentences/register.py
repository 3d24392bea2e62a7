"""What the register says of itself: its headline, its counts, the names of its filters."""

import datetime as dt
from dataclasses import dataclass

from ccm.domain.figures import Figures
from ccm.domain.labels import kind_heading, label
from ccm.domain.vocabulary import Status
from ccm.i18n import N_, Translator, numbers, translator
from ccm.queries.filters import FilterOptions, Movement, Order, Outcome, RegisterFilters
from ccm.queries.register import AnswerList, Register
from ccm.render.sentences.words import listed, short_key

_FLAGS = {
    "overdue": N_("En retard"),
    "unassigned": N_("Non attribuées"),
    "doubtful": N_("Douteuses"),
    "continuous": N_("Continues"),
    "answered": N_("Réponses reçues"),
    "fresh": N_("Réponses récentes"),
}
_OUTCOMES = {
    Outcome.REALISED: N_("Entièrement réalisées"),
    Outcome.DROPPED: N_("Abandonnées ou sans objet"),
    Outcome.COUNTED: N_("Comptées dans l’avancement"),
    Outcome.ACTIVE: N_("Continues et actives"),
    Outcome.SILENT: N_("Continues et silencieuses"),
}
_MOVEMENTS = {
    Movement.UP: N_("Ont progressé"),
    Movement.DOWN: N_("Ont reculé"),
    Movement.STILL: N_("N’ont pas bougé"),
    Movement.DONE: N_("Étaient déjà réalisées"),
    Movement.OUTSIDE: N_("Hors compte à l’une des deux dates"),
}
_TAKE_OFF = {
    "q": N_("Retirer la recherche"),
    "axis": N_("Retirer le filtre d’axe"),
    "challenge": N_("Retirer le filtre de défi"),
    "priority": N_("Retirer le filtre de priorité"),
    "region": N_("Retirer le filtre de région"),
    "entity": N_("Retirer le filtre d’institution"),
    "status": N_("Retirer le filtre d’état"),
    "overdue": N_("Retirer « En retard »"),
    "unassigned": N_("Retirer « Non attribuées »"),
    "doubtful": N_("Retirer « Douteuses »"),
    "continuous": N_("Retirer « Continues »"),
    "answered": N_("Retirer « Réponses reçues »"),
    "fresh": N_("Retirer « Réponses récentes »"),
    "among": N_("Retirer le filtre d’acteurs"),
    "kinds": N_("Retirer le filtre de catégorie"),
    "outcome": N_("Retirer le filtre de bilan"),
    "moved": N_("Retirer le filtre d’évolution"),
    "recommendation": N_("Retirer le filtre de recommandation"),
}
_ORDERS = {
    Order.SOURCE: N_("Tri : ordre de la source"),
    Order.COMPLETION: N_("Tri : avancement"),
    Order.SILENCE: N_("Tri : silence"),
    Order.LATE: N_("Tri : retard"),
}


@dataclass(frozen=True)
class Chip:
    """One filter in force: what it keeps, how to take it off."""

    text: str
    take_off: str
    href: str


def axis_name(key: str, t: Translator) -> str:
    """« Ordre général », « Axe 3 »."""
    return t.gettext("Ordre général") if key == "G" else t.gettext("Axe %(number)s") % {"number": key[1:]}


def order_name(order: Order, locale: str) -> str:
    """The name of an order of the rows."""
    return translator(locale).gettext(_ORDERS[order])


def flag_name(name: str, locale: str) -> str:
    """The name of a filter that is on or off."""
    return translator(locale).gettext(_FLAGS[name])


def take_off(name: str, locale: str) -> str:
    """The words of the link that takes a filter off."""
    return translator(locale).gettext(_TAKE_OFF[name])


def filter_names(filters: RegisterFilters, options: FilterOptions, locale: str) -> dict[str, str]:
    """What each filter in force keeps, by its name, in the order of the fields: {"axis": "Axe 3"}."""
    t = translator(locale)
    entities = {entity.key: entity.short_name for entity in (*options.regions, *options.institutions)}
    names = {
        "q": t.gettext("« %(words)s »") % {"words": filters.q} if filters.q else "",
        "axis": axis_name(filters.axis, t) if filters.axis else "",
        "challenge": t.gettext("Défi %(key)s") % {"key": short_key(filters.challenge or "")},
        "priority": t.gettext("Priorité %(key)s") % {"key": short_key(filters.priority or "")},
        "region": entities[filters.region] if filters.region else "",
        "entity": entities[filters.entity] if filters.entity else "",
        "status": label(filters.status, t) if filters.status else "",
        "among": listed([entities[key] for key in filters.among], locale, most=8),
        "kinds": listed([kind_heading(kind, t) for kind in filters.kinds], locale, most=5),
        "outcome": t.gettext(_OUTCOMES[filters.outcome]) if filters.outcome else "",
        "moved": listed([t.gettext(_MOVEMENTS[movement]) for movement in filters.moved], locale),
        "recommendation": short_key(filters.recommendation or ""),
    }
    flags = {name: t.gettext(text) for name, text in _FLAGS.items() if getattr(filters, name)}
    return {name: text for name, text in names.items() if getattr(filters, name)} | flags


def headline(
    register: Register, filters: RegisterFilters, names: dict[str, str], as_of: dt.date, locale: str
) -> str:
    """The register's answer in one sentence."""
    t, plan, found = translator(locale), register.plan, register.found
    if not plan.recommendations:
        return _not_yet(as_of, locale)
    if not found.recommendations:
        return nothing_found(filters, names, locale)
    if not names:
        return _whole(plan, as_of, locale)
    values = {
        "filters": " · ".join(names.values()),
        "n": numbers.integer(found.recommendations, locale),
        "of": numbers.integer(register.of, locale),
        "answers": numbers.integer(register.matching or 0, locale),
    }
    if register.matching is None:
        said = t.ngettext(
            "%(filters)s : %(n)s recommandation sur %(of)s",
            "%(filters)s : %(n)s recommandations sur %(of)s",
            found.recommendations,
        )
        return said % values + _figure(register, as_of, locale) + _received(found, locale)
    said = t.ngettext(
        "%(filters)s : %(n)s recommandation sur %(of)s, pour ",
        "%(filters)s : %(n)s recommandations sur %(of)s, pour ",
        found.recommendations,
    )
    answers = t.ngettext("%(answers)s réponse.", "%(answers)s réponses.", register.matching)
    return (said + answers) % values


def _figure(register: Register, as_of: dt.date, locale: str) -> str:
    """The completion whose recommendations were asked for, as it can be quoted."""
    if register.completion is None:
        return ""
    said = translator(locale).gettext(", avancement moyen %(percent)s au %(date)s")
    percent = numbers.percent(register.completion, locale)
    return said % {"percent": percent, "date": numbers.day(as_of, locale)}


def answers_headline(
    found: AnswerList, filters: RegisterFilters, names: dict[str, str], as_of: dt.date, locale: str
) -> str:
    """What the list of answers holds, in one sentence."""
    t, plan = translator(locale), found.plan
    if not plan.recommendations:
        return _not_yet(as_of, locale)
    if not names:
        return _expected(plan, as_of, locale)
    if not found.counted and not found.outside:
        return t.gettext("%(filters)s : aucune réponse au %(date)s.") % {
            "filters": " · ".join(names.values()),
            "date": numbers.day(as_of, locale),
        }
    said = _counted(found, filters, t) % {
        "filters": " · ".join(names.values()),
        "n": numbers.integer(found.counted, locale),
        "of": numbers.integer(found.expected, locale),
    }
    if found.completion is None:
        return said
    mean = t.gettext("Avancement moyen : %(mean)s.") % {"mean": numbers.percent(found.completion, locale)}
    return f"{said} {mean}"


def _counted(found: AnswerList, filters: RegisterFilters, t: Translator) -> str:
    """How many answers are kept, of those expected in the part of the plan that is looked at."""
    if filters.status is Status.DROPPED:
        return t.ngettext(
            "%(filters)s : %(n)s réponse, hors compte.",
            "%(filters)s : %(n)s réponses, hors compte.",
            found.counted,
        )
    if not found.expected:
        return t.gettext("%(filters)s : aucune réponse attendue.")
    if filters == filters.group:
        return t.ngettext(
            "%(filters)s : %(of)s réponse attendue.",
            "%(filters)s : %(of)s réponses attendues.",
            found.expected,
        )
    if found.expected == 1:
        return t.gettext("%(filters)s : %(n)s réponse sur 1 attendue.")
    return t.ngettext(
        "%(filters)s : %(n)s réponse sur les %(of)s attendues.",
        "%(filters)s : %(n)s réponses sur les %(of)s attendues.",
        found.counted,
    )


def nothing_found(filters: RegisterFilters, names: dict[str, str], locale: str) -> str:
    """« Aucun résultat pour « diaspora » dans l’axe 3. »"""
    t = translator(locale)
    others = [text for name, text in names.items() if name not in ("q", "axis")]
    text = t.gettext("Aucun résultat")
    if "q" in names:
        text += t.gettext(" pour %(words)s") % {"words": names["q"]}
    if filters.axis == "G":
        text += t.gettext(" dans l’ordre général")
    elif filters.axis:
        text += t.gettext(" dans l’axe %(number)s") % {"number": filters.axis[1:]}
    if others:
        text += t.gettext(" avec : %(filters)s") % {"filters": ", ".join(others)}
    return f"{text}."


def _not_yet(as_of: dt.date, locale: str) -> str:
    message = translator(locale).gettext("Aucune recommandation n’était en suivi au %(date)s.")
    return message % {"date": numbers.day(as_of, locale)}


def _whole(plan: Figures, as_of: dt.date, locale: str) -> str:
    t = translator(locale)
    if not plan.answered:
        head = t.ngettext("%(n)s recommandation", "%(n)s recommandations", plan.recommendations)
        recommendations = head % {"n": numbers.integer(plan.recommendations, locale)}
        return f"{recommendations}, {_expected(plan, as_of, locale)}"
    values = {
        "n": numbers.integer(plan.recommendations_realised, locale),
        "of": numbers.integer(plan.recommendations, locale),
        "missing": numbers.integer(plan.not_reported, locale),
        "late": numbers.integer(plan.overdue, locale),
    }
    said = t.ngettext(
        "%(n)s recommandation sur %(of)s est entièrement réalisée",
        "%(n)s recommandations sur %(of)s sont entièrement réalisées",
        plan.recommendations_realised,
    )
    if not plan.recommendations_realised:
        said = t.gettext("Aucune recommandation sur %(of)s n’est entièrement réalisée")
    if plan.not_reported:
        said += t.ngettext(
            " ; %(missing)s réponse manque", " ; %(missing)s réponses manquent", plan.not_reported
        )
    if plan.overdue:
        said += t.ngettext(", %(late)s est en retard", ", %(late)s sont en retard", plan.overdue)
    return f"{said % values}."


def _expected(plan: Figures, as_of: dt.date, locale: str) -> str:
    t = translator(locale)
    if not plan.answered:
        tail = t.ngettext(
            "%(n)s réponse attendue, aucune reçue au %(date)s.",
            "%(n)s réponses attendues, aucune reçue au %(date)s.",
            plan.expected,
        )
        return tail % {"n": numbers.integer(plan.expected, locale), "date": numbers.day(as_of, locale)}
    head = t.ngettext("%(n)s réponse attendue", "%(n)s réponses attendues", plan.expected)
    received = t.ngettext("%(n)s reçue", "%(n)s reçues", plan.answered)
    parts = [received % {"n": numbers.integer(plan.answered, locale)}]
    if plan.overdue:
        parts.append(t.gettext("%(n)s en retard") % {"n": numbers.integer(plan.overdue, locale)})
    said = t.gettext("%(first)s : %(rest)s.")
    return said % {"first": head % {"n": numbers.integer(plan.expected, locale)}, "rest": ", ".join(parts)}


def _received(found: Figures, locale: str) -> str:
    t = translator(locale)
    if not found.expected:
        return t.gettext(", aucune réponse attendue.")
    values = {"n": numbers.integer(found.answered, locale), "of": numbers.integer(found.expected, locale)}
    if not found.answered:
        return t.gettext(", aucune réponse reçue sur %(of)s.") % values
    received = t.ngettext(
        ", %(n)s réponse reçue sur %(of)s.", ", %(n)s réponses reçues sur %(of)s.", found.answered
    )
    return received % values
