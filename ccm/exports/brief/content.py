"""What the brief says, as plain texts and counts: each form of it sets the same content."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from markupsafe import Markup

from ccm.domain.dates import local_time
from ccm.domain.figures import Figures
from ccm.domain.labels import label
from ccm.domain.vocabulary import Status
from ccm.i18n import N_, numbers, translator
from ccm.queries.brief import AxisInFull, Brief
from ccm.queries.results import GroupLine, RecommendationMove, Scope
from ccm.render import Links
from ccm.render.environment import excerpt
from ccm.render.marks.bars import segments, sentence as bar_sentence
from ccm.render.marks.tiles import PLACES, place, sentence as tile_sentence
from ccm.render.sentences.brief import axis_headline, axis_lead, plan_lead, waiting
from ccm.render.sentences.overview import actions, headline
from ccm.render.sentences.words import listed, short_key

#: The heading of a note of the Permanent Secretariat (to be confirmed by it: ministry, reference, place).
_STATE = N_("République du Niger")
_MOTTO = N_("Fraternité – Travail – Progrès")
_MINISTRY = N_("Ministère de l’Intérieur et de la Décentralisation")
_SECRETARIAT = N_("Secrétariat permanent du Cadre de Concertation sur la Migration")
#: Responsible entities named in a row, before the others are counted.
_NAMED = 6


@dataclass(frozen=True)
class Bar:
    """A status bar: (status, count) in order, the mean percent 0..100 or None, and what it says."""

    segments: tuple[tuple[str, int], ...]
    mean: float | None
    says: str


@dataclass(frozen=True)
class Rate:
    """One of the three figures: name, value, what it is of, how it moved, where its rows are."""

    name: str
    value: str
    of: str
    moved: str
    href: str


@dataclass(frozen=True)
class Line:
    """One line of a comparison."""

    name: str
    sub: str
    bar: Bar
    completion: str
    coverage: str
    moved: str
    realised: str
    expected: str
    ref: str
    href: str


@dataclass(frozen=True)
class Row:
    """One recommendation of an axis; `told` stands where it has no bar."""

    key: str
    text: str
    who: str
    bar: Bar | None
    told: str
    completion: str
    received: str
    href: str


@dataclass(frozen=True)
class Group:
    """The recommendations of one challenge."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Item:
    """A line of a list: how many, what, details, who acts."""

    mark: str
    text: str
    details: str
    who: str


@dataclass(frozen=True)
class AxisPage:
    """One axis on a page of its own; `lists` are title, items, and whether they tell what moved."""

    tag: str
    title: str
    headline: str
    lead: str
    rates: tuple[Rate, ...]
    bar: Bar
    groups: tuple[Group, ...]
    lists: tuple[tuple[str, tuple[Item, ...], bool], ...]
    ref: str


@dataclass(frozen=True)
class Tile:
    """One region of the tile map: column and row, name, figure, tints, missing share 0..1, what it says."""

    column: int
    row: int
    name: str
    value: str
    fill: str
    ink: str
    missing: float
    says: str


@dataclass(frozen=True)
class Content:
    """The whole brief; `words` are the headings and labels that its forms write."""

    lang: str
    title: str
    heading: tuple[str, ...]
    dated: str
    subject: str
    demo: str
    headline: str
    lead: str
    rates: tuple[Rate, ...]
    bar: Bar
    legend: tuple[tuple[str, str, str], ...]
    decisions: tuple[Item, ...]
    axes: tuple[Line, ...]
    regions: tuple[Line, ...]
    tiles: tuple[Tile, ...]
    institutions: tuple[Line, ...]
    coverage: str
    pages: tuple[AxisPage, ...]
    method: tuple[str, ...]
    footer: str
    address: str
    words: dict[str, str] = field(hash=False)

    def data(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


def content(found: Brief, scope: Scope, known_at: dt.datetime, locale: str, address: str = "") -> Content:
    """The brief in a language.

    `known_at` is the instant whose knowledge the figures hold: it dates the note, so that the same note comes
    out again. `address` is where the application is reached: figures lead to their rows there.
    """
    return _Writer(found, scope, known_at, locale, address).written()


@dataclass(frozen=True)
class _Writer:
    found: Brief
    scope: Scope
    known_at: dt.datetime
    locale: str
    address: str

    def _(self, message: str) -> str:
        return translator(self.locale).gettext(message)

    @property
    def links(self) -> Links:
        """Addresses at the date of the brief."""
        return Links(locale=self.locale, as_of=self.scope.as_of, since=None, session=self.scope.session)

    def written(self) -> Content:
        overview, scope, locale = self.found.overview, self.scope, self.locale
        day = numbers.day(scope.as_of, locale)
        rank = numbers.ordinal(scope.session, locale) if scope.session else ""
        of_session = self._("%(rank)s session du CCM") % {"rank": rank} if rank else self._("Toutes les sessions du CCM")
        return Content(
            lang=locale,
            title=self._("Note de situation"),
            heading=tuple(map(self._, (_STATE, _MOTTO, _MINISTRY, _SECRETARIAT))),
            dated=self._("Niamey, le %(day)s") % {"day": numbers.day(local_time(self.known_at).date(), locale)},
            subject=self._("exécution des recommandations : %(session)s, situation au %(day)s")
            % {"session": of_session, "day": day},
            demo=self._("Données de démonstration : états, dates et montants inventés") if scope.demo else "",
            headline=headline(overview, scope, locale),
            lead=plan_lead(overview, locale),
            rates=self._rates(overview.plan, overview.plan_before, "plan", ""),
            bar=self._bar(overview.plan),
            legend=tuple(
                (status.value, label(status, translator(locale)), numbers.integer(getattr(overview.plan, status.value), locale))
                for status in (Status.COMPLETED, Status.IN_PROGRESS, Status.BLOCKED, Status.NOT_STARTED, Status.NOT_REPORTED)
            ),
            decisions=tuple(
                Item(numbers.integer(one.mark, locale), _plain(one.title), " ".join(map(_plain, one.details)), _plain(one.who))
                for one in actions(overview, self.links, locale)
            ),
            axes=tuple(self._line(line, "axis", self._axis_name(line.key), line.label) for line in overview.axes),
            regions=tuple(self._line(line, "region", line.label, "") for line in overview.regions),
            tiles=tuple(self._tiles()),
            institutions=tuple(
                self._line(line, "entity", line.label, line.entity.name if line.entity else "")
                for line in (*overview.ministries, *overview.others)
            ),
            coverage=self._("%(n)s recommandations sur %(of)s nomment un ministère ; les autres ne sont pas dans les lignes des ministères.")
            % {"n": numbers.integer(overview.by_ministry.recommendations, locale), "of": numbers.integer(overview.plan.recommendations, locale)},
            pages=tuple(map(self._page, self.found.axes)),
            method=tuple(self._method()),
            footer=" · ".join(
                part for part in ("CCM", of_session, self._("note de situation au %(day)s") % {"day": day}) if part != ""
            ),
            address=self.address,
            words=self._words(),
        )

    # Parts ------------------------------------------------------------------------------------------

    def _bar(self, figures: Figures) -> Bar:
        mean = figures.completion if figures.answered else None
        return Bar(
            tuple((segment.status.value, segment.count) for segment in segments(figures)),
            None if mean is None else float(mean),
            bar_sentence(figures, translator(self.locale), self.locale),
        )

    def _rates(self, now: Figures, before: Figures | None, by: str, key: str) -> tuple[Rate, ...]:
        locale, t = self.locale, translator(self.locale)
        counted = now.recommendations - now.continuous - now.recommendations_dropped
        of = numbers.integer(now.expected, locale)
        parts = (
            ("realised", t.gettext("Taux de réalisation"), t.ngettext("%(n)s réponse sur %(of)s", "%(n)s réponses sur %(of)s", now.completed) % {"n": numbers.integer(now.completed, locale), "of": of}),
            ("completion", t.gettext("Avancement moyen"), t.ngettext("%(n)s recommandation, silence = 0", "%(n)s recommandations, silence = 0", counted) % {"n": numbers.integer(counted, locale)}),
            ("coverage", t.gettext("Taux de renseignement"), t.ngettext("%(n)s réponse sur %(of)s", "%(n)s réponses sur %(of)s", now.answered) % {"n": numbers.integer(now.answered, locale), "of": of}),
        )
        return tuple(
            Rate(name, numbers.percent(getattr(now, metric), locale), told, self._moved(getattr(now, metric), getattr(before, metric) if before else None, unit=True), self._href(by, key, metric))
            for metric, name, told in parts
        )

    def _moved(self, now: Any, before: Any, unit: bool = False) -> str:
        if now is None or before is None:
            return ""
        return numbers.delta(now - before, self.locale, unit=unit)

    def _line(self, line: GroupLine, by: str, name: str, sub: str) -> Line:
        f, locale = line.figures, self.locale
        return Line(
            name=name,
            sub="" if sub == name else sub,
            bar=self._bar(f),
            completion=numbers.percent(f.completion, locale),
            coverage=numbers.percent(f.coverage, locale),
            moved=self._moved(f.completion, line.before.completion if line.before else None),
            realised=self._("%(n)s sur %(of)s") % {"n": numbers.integer(f.recommendations_realised, locale), "of": numbers.integer(f.recommendations, locale)},
            expected=numbers.integer(f.expected, locale),
            ref=f"/f/{by}/{line.key}",
            href=self._href(by, line.key),
        )

    def _href(self, by: str, key: str, metric: str = "") -> str:
        return self.address + self.links.permanent(by, key, metric, as_of=self.scope.as_of) if self.address else ""

    def _axis_name(self, key: str) -> str:
        return self._("Ordre général") if key == "G" else self._("Axe %(number)s") % {"number": key[1:]}

    def _tiles(self) -> Iterable[Tile]:
        t = translator(self.locale)
        for tile in place(self.found.overview.regions):
            column, row = PLACES[tile.key]
            f = tile.figures
            value = t.ngettext("%(n)s attendue", "%(n)s attendues", f.expected) % {"n": f.expected} if tile.silent else numbers.percent(f.completion, self.locale)
            missing = f.not_reported / f.expected if f.expected else 0.0
            yield Tile(column, row, tile.label, value, tile.fill, tile.ink, missing, tile_sentence(tile.label, f, t, self.locale))

    def _page(self, axis: AxisInFull) -> AxisPage:
        line = axis.line
        return AxisPage(
            tag=self._axis_name(line.key),
            title=line.label,
            headline=axis_headline(axis, self.found.overview.plan, self._axis_name(line.key), self.locale),
            lead=axis_lead(axis, self.locale),
            rates=self._rates(line.figures, line.before, "axis", line.key),
            bar=self._bar(line.figures),
            groups=tuple(self._groups(axis)),
            lists=tuple(self._lists(axis)),
            ref=f"/f/axis/{line.key}",
        )

    def _groups(self, axis: AxisInFull) -> Iterable[Group]:
        rows: dict[str, list[Row]] = {}
        for row in axis.rows:
            rows.setdefault(row.challenge, []).append(self._row(row))
        for title, some in rows.items():
            yield Group(self._("Défi : %(text)s") % {"text": title}, tuple(some))

    def _row(self, row: Any) -> Row:
        f, locale = row.figures, self.locale
        names = [*(("Toutes les régions",) if len(row.regions) == len(PLACES) else row.regions), *row.entities]
        told = ""
        if f.unassigned:
            told = self._("Non attribuée : à attribuer par le Secrétariat")
        elif not f.expected:
            told = self._("Recommandation continue, hors compte") if f.continuous else self._("Hors compte : abandonnée ou sans objet")
        return Row(
            key=short_key(row.key),
            text=row.text,
            who=listed([self._(name) if name == "Toutes les régions" else name for name in names], locale, most=_NAMED),
            bar=None if told else self._bar(f),
            told=told,
            completion="" if told else numbers.percent(f.completion, locale),
            received="" if told else self._("%(n)s sur %(of)s") % {"n": numbers.integer(f.answered, locale), "of": numbers.integer(f.expected, locale)},
            href=f"{self.address}/r/{row.key}" if self.address else "",
        )

    def _lists(self, axis: AxisInFull) -> Iterable[tuple[str, tuple[Item, ...], bool]]:
        locale = self.locale
        if axis.moves and axis.moves.rises:
            yield self._("A avancé depuis le %(day)s") % {"day": numbers.day(self.scope.since, locale)}, tuple(map(self._move, axis.moves.rises)), True
        if axis.moves and axis.moves.falls:
            yield self._("A reculé"), tuple(map(self._move, axis.moves.falls)), True
        pressing = waiting(axis, locale)
        if pressing:
            yield self._("Attend une décision ou une réponse"), tuple(Item(*one) for one in pressing), False

    def _move(self, move: RecommendationMove) -> Item:
        before, after = numbers.percent(move.before, self.locale), numbers.percent(move.after, self.locale)
        points = "" if move.points is None else numbers.delta(move.points, self.locale)
        return Item(short_key(move.key), excerpt(move.text, 90), f"{before} → {after}", points)

    def _method(self) -> Sequence[str]:
        day, moment = numbers.day(self.scope.as_of, self.locale), numbers.moment(local_time(self.known_at), self.locale)
        return (
            self._("Une réponse attendue = une recommandation × un responsable. Personne n’a répondu : ni oui, ni non."),
            self._("Taux de réalisation : réponses « réalisé » sur réponses attendues. Taux de renseignement : réponses reçues sur réponses attendues."),
            self._("Avancement d’une recommandation : moyenne de ses réponses attendues, silence = 0 ; d’un axe et du plan : moyenne de leurs recommandations."),
            self._("Rapports validés au %(day)s, connus au %(moment)s.") % {"day": day, "moment": moment},
            self._("Chaque référence (/f/…, /r/…) s’ouvre dans le tableau de bord, à la date de la note : elle mène aux lignes du chiffre."),
        )

    def _words(self) -> dict[str, str]:
        since = numbers.day(self.scope.since, self.locale) if self.scope.since else ""
        return {
            "subject": self._("Objet :"),
            "number": self._("N° ……… /MI/D/SP-CCM"),
            "emblem": self._("emblème"),
            "decisions": self._("Décisions attendues") if self.found.overview.reported else self._("Par quoi commencer"),
            "what": self._("Objet"),
            "who": self._("Doit agir"),
            "by_axis": self._("Par axe"),
            "by_region": self._("Par région"),
            "by_institution": self._("Par ministère et institution"),
            "method": self._("Méthode"),
            "axis": self._("Axe"),
            "region": self._("Région"),
            "institution": self._("Institution"),
            "states": self._("État des réponses attendues"),
            "completion": self._("Avancement"),
            "coverage": self._("Renseigné"),
            "since_day": self._("depuis le %(day)s") % {"day": since} if since else "",
            "none": self._("aucune réponse attendue"),
            "nothing": self._("Rien n’attend de décision."),
            "demo": self._("Données de démonstration"),
            "since": self._("Depuis %(day)s") % {"day": since} if since and self.found.overview.plan_before else "",
            "realised": self._("Entièrement réalisées"),
            "expected": self._("Attendues"),
            "ref": self._("Réf."),
            "recommendation": self._("Recommandation et responsables"),
            "received": self._("Réponses reçues"),
            "mean": self._("Avancement moyen"),
            "map": self._("Teinte : avancement moyen. Hachures : réponses manquantes."),
        }


def _plain(text: str) -> str:
    """A text without the tags of a screen's sentence."""
    return Markup(text).striptags() if isinstance(text, Markup) else text
