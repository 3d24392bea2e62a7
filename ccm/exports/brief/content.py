"""The content of the brief, written from its query's answer in the reader's language."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from markupsafe import Markup

from ccm.domain.dates import local_time
from ccm.exports.brief.lines import Lines
from ccm.exports.brief.model import AxisPage, Content, Group, Item, Line, Listing, Row
from ccm.exports.brief.words import words
from ccm.exports.issuer import SECRETARIAT
from ccm.i18n import N_, numbers, translator
from ccm.queries.brief import AxisInFull, Brief
from ccm.queries.results import Scope
from ccm.render.links import reference
from ccm.render.sentences.brief import axis_headline, axis_lead, counted, moved, plan_lead, waiting
from ccm.render.sentences.overview import actions, headline
from ccm.render.sentences.words import short_key

#: The heading of a note of the Permanent Secretariat (to be confirmed by it: ministry, reference, place).
_HEADING = (
    N_("République du Niger"),
    N_("Fraternité – Travail – Progrès"),
    N_("Ministère de l’Intérieur et de la Décentralisation"),
    SECRETARIAT,
)
_METHOD = (
    N_("Une réponse attendue = une recommandation × un responsable. Non renseigné : personne n’a répondu."),
    N_(
        "Taux de réalisation : réponses « réalisé » sur réponses attendues. "
        "Taux de renseignement : réponses reçues sur réponses attendues."
    ),
    N_(
        "Avancement d’une recommandation : moyenne de ses réponses attendues, silence = 0 ; "
        "d’un axe et du plan : moyenne de leurs recommandations."
    ),
)


def content(found: Brief, scope: Scope, known_at: dt.datetime, locale: str, address: str = "") -> Content:
    """The brief in a language.

    `known_at` is the instant whose knowledge the figures hold: it dates the note, so that the same note comes
    out again. `address` is where the application is reached: figures lead to their rows there.
    """
    # Nothing can have moved while nobody has answered: the note then compares with nothing.
    scope = scope if found.overview.reported else replace(scope, since=None)
    return _Writer(found, scope, known_at, locale, Lines(scope, locale, address, known_at)).written()


@dataclass(frozen=True)
class _Writer:
    found: Brief
    scope: Scope
    known_at: dt.datetime
    locale: str
    lines: Lines

    def _(self, message: str) -> str:
        return translator(self.locale).gettext(message)

    def written(self) -> Content:
        overview, scope, locale, lines = self.found.overview, self.scope, self.locale, self.lines
        day = numbers.day(scope.as_of, locale)
        subject = self._("exécution des recommandations : %(session)s, situation au %(day)s")
        footer = self._("%(session)s · note de situation au %(day)s")
        said = {"session": self._session(), "day": day}
        again = lines.again
        written_on = numbers.day(local_time(self.known_at).date(), locale)
        return Content(
            lang=locale,
            title=self._("Note de situation"),
            heading=tuple(map(self._, _HEADING)),
            dated=self._("Niamey, le %(day)s") % {"day": written_on},
            subject=subject % said,
            demo=self._("Données de démonstration : états, dates et montants inventés") if scope.demo else "",
            headline=headline(overview, scope, locale),
            lead=plan_lead(overview, locale),
            rates=lines.rates(overview.plan, overview.plan_before, "plan", ""),
            bar=lines.bar(overview.plan),
            legend=tuple(lines.legend(overview.plan)),
            decisions=tuple(self._decisions()),
            axes=tuple(self._axes()),
            regions=tuple(lines.line(line, "region", line.label) for line in overview.regions),
            tiles=tuple(lines.tiles(overview.regions)),
            institutions=tuple(self._institutions()),
            coverage=self._coverage(),
            pages=tuple(map(self._page, self.found.axes)),
            decided=self._decided(),
            method=tuple(self._method()),
            again=again,
            again_href=again if lines.address else "",
            footer=footer % said,
            words=words(scope, overview.reported, locale),
        )

    def _session(self) -> str:
        if self.scope.session is None:
            return self._("toutes les sessions du CCM")
        return self._("%(rank)s session du CCM") % {"rank": numbers.ordinal(self.scope.session, self.locale)}

    def _decisions(self) -> Iterable[Item]:
        for one in actions(self.found.overview, self.lines.links, self.locale):
            details = " ".join(map(_plain, one.details))
            told = (numbers.integer(one.mark, self.locale), _plain(one.title), details, _plain(one.who))
            yield self.lines.item(told, one.figure)

    def _axes(self) -> Iterable[Line]:
        """None where nothing is in follow-up."""
        for line in self.found.overview.axes if self.found.overview.in_follow_up else ():
            yield self.lines.line(line, "axis", self.lines.axis_name(line.key), line.label)

    def _institutions(self) -> Iterable[Line]:
        overview = self.found.overview
        for line in (*overview.ministries, *overview.others):
            yield self.lines.line(line, "entity", line.label, line.entity.name if line.entity else "")

    def _coverage(self) -> str:
        # The sentence of the page of the institutions, which has the same lines.
        naming = self.found.naming
        said = translator(self.locale).ngettext(
            "%(number)s recommandation sur %(of)s nomme un ministère ou l’un de ces acteurs ; "
            "les autres s’adressent aux régions, ou à personne.",
            "%(number)s recommandations sur %(of)s nomment un ministère ou l’un de ces acteurs ; "
            "les autres s’adressent aux régions, ou à personne.",
            naming,
        )
        of = numbers.integer(self.found.overview.plan.recommendations, self.locale)
        return said % {"number": numbers.integer(naming, self.locale), "of": of}

    def _page(self, axis: AxisInFull) -> AxisPage:
        line, lines = axis.line, self.lines
        name = lines.axis_name(line.key)
        return AxisPage(
            tag=name,
            title=line.label,
            headline=axis_headline(axis, self.found.overview.plan, name, self.locale),
            lead=axis_lead(axis, self.locale),
            rates=lines.rates(line.figures, line.before, "axis", line.key),
            bar=lines.bar(line.figures),
            legend=tuple(lines.legend(line.figures)),
            groups=tuple(self._groups(axis)),
            lists=tuple(self._lists(axis)),
            ref=reference("axis", line.key),
            href=lines.href("axis", line.key),
        )

    def _groups(self, axis: AxisInFull) -> Iterable[Group]:
        rows: dict[str, list[Row]] = {}
        for row in axis.rows:
            rows.setdefault(row.challenge, []).append(self.lines.row(row))
        for title, some in rows.items():
            yield Group(self._("Défi : %(text)s") % {"text": title}, tuple(some))

    def _lists(self, axis: AxisInFull) -> Iterable[Listing]:
        found, since = axis.moves, {"day": numbers.day(self.scope.since, self.locale)}
        if found:
            title, note = self._("A avancé depuis le %(day)s") % since, moved(found, self.locale)
            yield Listing(title, tuple(map(self.lines.move, found.rises)), note, moved=True)
        if found and found.falls:
            title = self._("A reculé depuis le %(day)s") % since
            yield Listing(title, tuple(map(self.lines.move, found.falls)), moved=True)
        pressing = waiting(axis, self.locale)
        if pressing:
            title, key = self._("Attend une décision ou une réponse"), axis.line.key
            items = (self.lines.item(told, ("axis", key, metric)) for metric, told in pressing)
            yield Listing(title, tuple(items))

    def _decided(self) -> Listing:
        found, day = self.found.decided, {"day": numbers.day(self.found.decided.since, self.locale)}
        title = (
            self._("Décisions prises depuis le %(day)s") % day if found.since else self._("Décisions prises")
        )
        note = self._("Aucune n’est enregistrée.")
        if found.latest:
            note = self._("Ce qui vaut depuis : rôles, échéances, poids, nature, place, retraits.")
        if found.more:
            note = self._("Les dernières ; toutes se lisent dans l’historique de chaque recommandation.")
        return Listing(title, tuple(map(self.lines.decision, found.latest)), note, moved=True)

    def _method(self) -> Iterable[str]:
        day = {"day": numbers.day(self.scope.as_of, self.locale)}
        moment = {"moment": numbers.moment(local_time(self.known_at), self.locale)}
        yield from map(self._, _METHOD)
        of = counted(self.found.overview.plan, self.locale)
        if of:
            yield of
        yield self._("Rapports validés au %(day)s, connus au %(moment)s (Niamey).") % {**day, **moment}
        if self.scope.since:
            compared = self._(
                "Comparaison : situation au %(day)s (« depuis » ; sans choix, la fin du semestre précédent)."
            )
            yield compared % {"day": numbers.day(self.scope.since, self.locale)}
        yield self._references()

    def _references(self) -> str:
        said = self._(
            "Une référence (/f/…), suivie de %(asked)s, s’ouvre dans le tableau de bord : "
            "elle mène aux lignes du chiffre, telles qu’elles étaient connues pour la note."
        ) % {"asked": self.lines.asked}
        rows = [row.key for axis in self.found.axes for row in axis.rows]
        if not rows:
            return said
        likewise = self._("De même pour %(short)s : %(reference)s.")
        example = {"short": short_key(rows[0]), "reference": f"/r/{rows[0]}"}
        return f"{said} {likewise % example}"


def _plain(text: str) -> str:
    """A text without the tags of a screen's sentence."""
    return text.striptags() if isinstance(text, Markup) else text
