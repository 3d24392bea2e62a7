"""The drawn parts of the brief, from figures: bars, rates, lines, recommendations, tiles."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ccm.domain.figures import Figures
from ccm.domain.labels import label
from ccm.domain.vocabulary import BAR_ORDER
from ccm.exports.brief.model import Bar, Item, Line, Rate, Row, Tile
from ccm.i18n import Translator, numbers, translator
from ccm.queries.decided import Decision
from ccm.queries.register_rows import RegisterRow
from ccm.queries.results import GroupLine, RecommendationMove, Scope
from ccm.render import Links
from ccm.render.environment import excerpt
from ccm.render.links import reference
from ccm.render.marks.bars import count_of, segments, sentence as bar_sentence
from ccm.render.marks.tiles import PLACES, place, sentence as tile_sentence
from ccm.render.sentences.recommendation import changed
from ccm.render.sentences.words import listed, short_key
from ccm.render.tokens import TOKENS

#: Responsible entities named in a row, before the others are counted.
_NAMED = 6


@dataclass(frozen=True)
class Lines:
    """How figures are told in one brief: its scope, its language, where the application is reached."""

    scope: Scope
    locale: str
    address: str
    #: The instant whose knowledge the figures hold: their rows are those of then.
    known_at: dt.datetime

    @property
    def t(self) -> Translator:
        """The messages of the language."""
        return translator(self.locale)

    @property
    def links(self) -> Links:
        """Addresses at the date of the brief, of what it knew."""
        scope = self.scope
        return Links(self.locale, scope.as_of, session=scope.session, known_at=self.known_at)

    def href(self, by: str, key: str, metric: str = "") -> str:
        """Where the rows of a figure are; empty where the application has no address."""
        place = self.links.permanent(by, key, metric, as_of=self.scope.as_of)
        return self.address + place if self.address else ""

    @property
    def asked(self) -> str:
        """What follows a printed reference, for the date and the session of the brief."""
        return "?" + self.links.permanent("plan", as_of=self.scope.as_of).partition("?")[2]

    def item(self, told: tuple[str, str, str, str], figure: tuple[str, str, str] | None) -> Item:
        """A line of a list, with the reference of the figure that it tells, if it tells one."""
        return Item(*told, reference(*figure), self.href(*figure)) if figure else Item(*told)

    @property
    def again(self) -> str:
        """The address at which the same brief comes out again, whatever was handed in since."""
        scope = self.scope
        links = replace(self.links, since=scope.since, compared=scope.since is not None)
        return self.address + links.to("/note.pdf")

    def axis_name(self, key: str) -> str:
        """« Axe 1 »."""
        if key == "G":
            return self.t.gettext("Ordre général")
        return self.t.gettext("Axe %(number)s") % {"number": key[1:]}

    def bar(self, figures: Figures) -> Bar:
        """The status bar of figures."""
        mean = figures.completion if figures.answered else None
        return Bar(
            tuple((segment.status.value, segment.count) for segment in segments(figures)),
            None if mean is None else float(mean),
            bar_sentence(figures, self.t, self.locale),
        )

    def rates(self, now: Figures, before: Figures | None, by: str, key: str) -> tuple[Rate, ...]:
        """The three figures that always stand together."""
        t, of = self.t, now.expected
        parts = (
            ("realised", t.gettext("Taux de réalisation"), self._answers(now.completed, of)),
            ("completion", t.gettext("Avancement moyen"), self._counted(now.counted)),
            ("coverage", t.gettext("Taux de renseignement"), self._answers(now.answered, of)),
        )
        return tuple(
            Rate(
                name,
                numbers.percent(getattr(now, metric), self.locale),
                told,
                self._moved(getattr(now, metric), getattr(before, metric) if before else None, unit=True),
                reference(by, key, metric),
                self.href(by, key, metric),
            )
            for metric, name, told in parts
        )

    def line(self, line: GroupLine, by: str, name: str, sub: str = "") -> Line:
        """One line of a comparison."""
        f, locale = line.figures, self.locale
        return Line(
            name=name,
            sub="" if sub == name else sub,
            bar=self.bar(f),
            completion=numbers.percent(f.completion, locale),
            coverage=numbers.percent(f.coverage, locale),
            moved=self._moved(f.completion, line.before.completion if line.before else None),
            realised=self._of(f.recommendations_realised, f.recommendations),
            expected=numbers.integer(f.expected, locale),
            ref=reference(by, line.key),
            href=self.href(by, line.key),
        )

    def row(self, row: RegisterRow) -> Row:
        """One recommendation of an axis."""
        f, gettext = row.figures, self.t.gettext
        everywhere = len(row.regions) == len(PLACES)
        names = [*((gettext("Toutes les régions"),) if everywhere else row.regions), *row.entities]
        told = ""
        if f.unassigned:
            told = gettext("Non attribuée : à attribuer par le Secrétariat")
        elif not f.expected and f.continuous:
            told = gettext("Recommandation continue, hors compte")
        elif not f.expected:
            told = gettext("Hors compte : abandonnée ou sans objet")
        return Row(
            key=short_key(row.key),
            text=row.text,
            who=listed(names, self.locale, most=_NAMED),
            bar=None if told else self.bar(f),
            told=told,
            completion="" if told else numbers.percent(f.completion, self.locale),
            received="" if told else self._of(f.answered, f.expected),
            href=self.address + self.links.short(row.key) if self.address else "",
        )

    def move(self, move: RecommendationMove) -> Item:
        """One recommendation that moved: from, to, by how much."""
        before, after = numbers.percent(move.before, self.locale), numbers.percent(move.after, self.locale)
        points = "" if move.points is None else numbers.delta(move.points, self.locale)
        return Item(short_key(move.key), excerpt(move.text, 90), f"{before} → {after}", points)

    def decision(self, decision: Decision) -> Item:
        """What was decided on one recommendation, of whose answers, from when on."""
        told = changed(decision.change, self.locale)
        names = listed([entity.short_name for entity in decision.entities], self.locale, most=_NAMED)
        text = f"{told} ({names})" if names else told
        since = numbers.day(decision.change.effective_on, self.locale)
        return Item(short_key(decision.key), text, since, "")

    def legend(self, figures: Figures) -> Iterable[tuple[str, str, str]]:
        """Each state, its name, and how many answers are in it: all of them, however narrow in the bar."""
        for status in BAR_ORDER:
            yield status.value, label(status, self.t), numbers.integer(count_of(figures, status), self.locale)

    def tiles(self, regions: Sequence[GroupLine]) -> Iterable[Tile]:
        """The regions as tiles: a silent one says what is expected of it."""
        for tile in place(regions):
            column, row = PLACES[tile.key]
            f = tile.figures
            yield Tile(
                column=column,
                row=row,
                name=tile.label,
                value=numbers.integer(f.expected, self.locale)
                if tile.silent
                else numbers.percent(f.completion, self.locale),
                unit=self.t.ngettext("attendue", "attendues", f.expected) if tile.silent else "",
                # Silence is hatched, never a tint.
                fill=TOKENS["page"] if tile.silent else tile.fill,
                ink=tile.ink,
                missing=f.not_reported / f.expected if f.expected else 0.0,
                says=tile_sentence(tile.label, f, self.t, self.locale),
            )

    def _answers(self, count: int, of: int) -> str:
        said = self.t.ngettext("%(n)s réponse sur %(of)s", "%(n)s réponses sur %(of)s", count)
        return said % {"n": numbers.integer(count, self.locale), "of": numbers.integer(of, self.locale)}

    def _counted(self, count: int) -> str:
        said = self.t.ngettext(
            "%(n)s recommandation, silence = 0", "%(n)s recommandations, silence = 0", count
        )
        return said % {"n": numbers.integer(count, self.locale)}

    def _of(self, count: int, of: int) -> str:
        said = self.t.gettext("%(n)s sur %(of)s")
        return said % {"n": numbers.integer(count, self.locale), "of": numbers.integer(of, self.locale)}

    def _moved(self, now: Fraction | None, before: Fraction | None, unit: bool = False) -> str:
        if self.scope.since is None or now is None or before is None:
            return ""
        return numbers.delta(now - before, self.locale, unit=unit)
