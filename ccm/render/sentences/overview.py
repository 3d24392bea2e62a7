"""What the overview says before any chart: its headline, and who must do what."""

import datetime as dt
from collections.abc import Sequence

from markupsafe import escape

from ccm.domain.labels import label
from ccm.domain.vocabulary import EntityKind, Status
from ccm.i18n import numbers, translator
from ccm.queries.decisions import Decisions, Tally
from ccm.queries.overview import Overview
from ccm.queries.results import EntityRef, Scope
from ccm.render.blocks import Action
from ccm.render.environment import ordinal_html
from ccm.render.links import Links
from ccm.render.sentences.words import key_range, listed, past_due, points

#: The recommendations that nobody is responsible for, as a figure.
_UNASSIGNED = ("plan", "", "unassigned")


def headline(overview: Overview, scope: Scope, locale: str) -> str:
    """The overview's answer in one sentence; of a day to come it says what is so without another answer."""
    as_of, today = scope.as_of, scope.today
    t, plan = translator(locale), overview.plan
    if not overview.in_follow_up:
        return t.gettext("Aucune recommandation n’était en suivi au %(date)s.") % {
            "date": numbers.day(as_of, locale)
        }
    if not overview.reported:
        head = t.ngettext("%(n)s recommandation", "%(n)s recommandations", plan.recommendations)
        tail = t.ngettext(
            "%(n)s réponse attendue, aucune reçue au %(date)s.",
            "%(n)s réponses attendues, aucune reçue au %(date)s.",
            plan.expected,
        )
        recommendations = head % {"n": numbers.integer(plan.recommendations, locale)}
        expected = tail % {
            "n": numbers.integer(plan.expected, locale),
            "date": numbers.day(min(as_of, today), locale),
        }
        return f"{recommendations}, {expected}"
    stands = _to_come(overview, as_of, locale) if as_of > today else _movement(overview, scope.since, locale)
    return f"{stands}{_but(overview, opposes=_is_good(overview, as_of > today), locale=locale)}"


def _to_come(overview: Overview, as_of: dt.date, locale: str) -> str:
    t = translator(locale)
    values = {
        "date": numbers.day(as_of, locale),
        "percent": numbers.percent(overview.plan.completion, locale),
    }
    if overview.plan.completion is None:
        return t.gettext("Aucune réponse n’entre plus dans le compte")
    return t.gettext("Sans réponse nouvelle d’ici au %(date)s, le plan en reste à %(percent)s") % values


def _is_good(overview: Overview, to_come: bool) -> bool:
    """Whether the headline begins with something good, to which a « mais » can be opposed."""
    plan, before = overview.plan, overview.plan_before
    if plan.completion is None or numbers.tenths(plan.completion) == 0 or to_come:
        return False
    if before is None or before.completion is None:
        return True
    return numbers.tenths(plan.completion - before.completion) > 0


def _movement(overview: Overview, since: dt.date | None, locale: str) -> str:
    t, plan, before = translator(locale), overview.plan, overview.plan_before
    percent = numbers.percent(plan.completion, locale)
    if plan.completion is None:
        return t.gettext("Aucune réponse n’entre plus dans le compte")
    if since is None or before is None or before.completion is None:
        return t.gettext("Le plan en est à %(percent)s d’avancement") % {"percent": percent}
    change = plan.completion - before.completion
    values = {
        "percent": percent,
        "points": points(change, locale),
        "date": numbers.day(since, locale),
    }
    if numbers.tenths(change) > 0:
        return t.gettext("Le plan avance (%(percent)s, %(points)s depuis le %(date)s)") % values
    if numbers.tenths(change) < 0:
        return t.gettext("Le plan recule (%(percent)s, %(points)s depuis le %(date)s)") % values
    return t.gettext("Le plan n’a pas bougé depuis le %(date)s (%(percent)s)") % values


def _but(overview: Overview, *, opposes: bool, locale: str) -> str:
    t, plan = translator(locale), overview.plan
    conjunction = t.gettext("mais") if opposes else t.gettext("et")
    if not plan.expected:
        return "."
    if plan.not_reported:
        message = t.ngettext(
            ", %(but)s %(n)s réponse sur %(of)s manque",
            ", %(but)s %(n)s réponses sur %(of)s manquent",
            plan.not_reported,
        )
        where = [entity.short_name for entity, _count in overview.decisions.silent.entities[:2]]
        text = message % {
            "but": conjunction,
            "n": numbers.integer(plan.not_reported, locale),
            "of": numbers.integer(plan.expected, locale),
        }
        ending = t.gettext(", surtout à %(where)s.") % {"where": listed(where, locale)} if where else "."
        return text + ending
    if plan.overdue:
        message = t.ngettext(
            ", %(but)s %(n)s réponse est en retard.",
            ", %(but)s %(n)s réponses sont en retard.",
            plan.overdue,
        )
        return message % {"but": conjunction, "n": numbers.integer(plan.overdue, locale)}
    if plan.blocked:
        message = t.ngettext(
            ", %(but)s %(n)s réponse est bloquée.",
            ", %(but)s %(n)s réponses sont bloquées.",
            plan.blocked,
        )
        return message % {"but": conjunction, "n": numbers.integer(plan.blocked, locale)}
    return t.gettext(", et toutes les réponses attendues sont reçues.")


def actions(overview: Overview, links: Links, locale: str) -> tuple[Action, ...]:
    """« À décider », at most four; while nobody has answered, « Par quoi commencer », in order."""
    if overview.reported:
        return tuple(to_decide(overview.decisions, links, locale))
    return tuple(_to_begin(overview, links, locale))


def to_decide(found: Decisions, links: Links, locale: str) -> list[Action]:
    """What somebody must decide: what is blocked, late, missing, or nobody's."""
    t = translator(locale)
    secretariat = t.gettext("Secrétariat permanent")
    listing = []
    if found.blocked.count:
        title = t.ngettext("engagement bloqué", "engagements bloqués", found.blocked.count)
        lifters = [entity.short_name if entity else secretariat for entity, _ in found.blocked.lifters]
        href = links.answers(status=Status.BLOCKED)
        listing.append(
            Action(
                found.blocked.count,
                title,
                href,
                _cause(found, locale),
                listed(lifters, locale),
                ("plan", "", "blocked"),
            )
        )
    if found.overdue.count:
        title = t.ngettext("réponse en retard", "réponses en retard", found.overdue.count)
        details = (
            past_due(found.overdue.count, t),
            _counted(found.overdue, locale),
        )
        href = links.answers(overdue=True)
        who, figure = _responsible(found.overdue, locale), ("plan", "", "overdue")
        listing.append(Action(found.overdue.count, title, href, details, who, figure))
    if found.silent.count:
        names = listed([entity.short_name for entity, _ in found.silent.entities], locale, most=2)
        title = t.ngettext("réponse manque à %(where)s", "réponses manquent à %(where)s", found.silent.count)
        # The rows behind the count: those of the regions named, not all that is missing.
        keys = tuple(entity.key for entity, _ in found.silent.entities)
        href = links.rows_of(*keys).answers(status=Status.NOT_REPORTED)
        figure = ("region", ",".join(keys), "not_reported")
        remind = t.gettext("Secrétariat permanent : relancer")
        # Of one region alone the title has said it.
        detail = (_counted(found.silent, locale),) if len(keys) > 1 else ()
        listing.append(Action(found.silent.count, title % {"where": names}, href, detail, remind, figure))
    if found.unassigned:
        listing.append(_unassigned_to_decide(found.unassigned, links, locale))
    return listing


def _unassigned_to_decide(keys: Sequence[str], links: Links, locale: str) -> Action:
    t = translator(locale)
    title = t.ngettext("recommandation sans responsable", "recommandations sans responsable", len(keys))
    href = links.recommendations(unassigned=True)
    assign = t.gettext("Secrétariat permanent : attribuer")
    return Action(len(keys), title, href, (key_range(keys, locale) + ".",), assign, _UNASSIGNED)


def _cause(found: Decisions, locale: str) -> tuple[str, ...]:
    if found.blocked.cause is None:
        return ()
    t = translator(locale)
    cause, count = found.blocked.cause
    values = {"cause": label(cause, t).lower(), "n": count}
    return (t.gettext("Premier motif : %(cause)s (%(n)s).") % values,)


def _counted(tally: Tally, locale: str) -> str:
    return listed([f"{entity.short_name} {count}" for entity, count in tally.entities], locale) + "."


def _responsible(tally: Tally, locale: str) -> str:
    t = translator(locale)
    regions = any(entity.kind is EntityKind.REGION for entity, _ in tally.entities)
    others = any(entity.kind is not EntityKind.REGION for entity, _ in tally.entities)
    if regions and others:
        return t.gettext("régions et institutions responsables")
    return t.gettext("régions responsables") if regions else t.gettext("institutions responsables")


def _to_begin(overview: Overview, links: Links, locale: str) -> list[Action]:
    t = translator(locale)
    secretariat = t.gettext("Secrétariat permanent")
    steps: list[tuple[str, str, tuple[str, ...], str, tuple[str, str, str] | None]] = []
    alone = overview.start.entities_without_focal_point
    if alone:
        details = (_missing_focal_points(alone, overview.start.collective, locale),)
        steps.append(
            (t.gettext("Désigner les points focaux"), links.institutions(), details, secretariat, None)
        )
    keys = overview.start.unassigned
    if keys:
        title = t.ngettext("Attribuer %(n)s recommandation", "Attribuer %(n)s recommandations", len(keys))
        empty = t.gettext("%(keys)s : la cellule « acteurs » est vide dans la table source.")
        names_nobody = t.gettext("%(keys)s : aucun responsable n’est désigné.")
        message = empty if overview.decisions.unassigned_without_actors == len(keys) else names_nobody
        detail = (message % {"keys": key_range(keys, locale)},)
        href = links.recommendations(unassigned=True)
        steps.append((title % {"n": len(keys)}, href, detail, secretariat, _UNASSIGNED))
    following = overview.next_session
    if following.political_date is None:
        title = escape(t.gettext("Fixer la date de la %(rank)s session")) % {
            "rank": ordinal_html(following.number, locale)
        }
        detail = (t.gettext("Échéance par défaut : tant qu’elle manque, aucun retard ne peut être compté."),)
        steps.append((title, links.method("overdue"), detail, t.gettext("Président du CCM"), None))
    if overview.adopted_on:
        title = t.gettext("Verser le compte rendu politique du %(date)s")
        detail = (t.gettext("Le texte enregistré est celui de la réunion technique."),)
        values = {"date": numbers.day(overview.adopted_on, locale)}
        steps.append((title % values, links.method("source"), detail, secretariat, None))
    return [Action(rank, *step) for rank, step in enumerate(steps, start=1)]


def _missing_focal_points(alone: Sequence[EntityRef], collective: Sequence[EntityRef], locale: str) -> str:
    t = translator(locale)
    regions = sum(entity.kind is EntityKind.REGION for entity in alone)
    others = len(alone) - regions
    parts = []
    if regions:
        parts.append(t.ngettext("%(n)s région", "%(n)s régions", regions) % {"n": regions})
    if others:
        parts.append(t.ngettext("%(n)s institution", "%(n)s institutions", others) % {"n": others})
    text = t.gettext("%(who)s. Sans eux, personne ne peut répondre.") % {"who": listed(parts, locale)}
    if collective:
        message = t.ngettext(
            "Reste %(n)s acteur collectif à préciser (%(names)s).",
            "Restent %(n)s acteurs collectifs à préciser (%(names)s).",
            len(collective),
        )
        names = ", ".join(entity.short_name for entity in collective)
        text += " " + message % {"n": len(collective), "names": names}
    return text
