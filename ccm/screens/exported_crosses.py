"""Files of the Explorer's figures: every actor of the kind that is compared, within every axis."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ccm.auth import Action, require
from ccm.exports.columns import CROSSES
from ccm.queries.explorer import ExplorerQuery
from ccm.queries.filters import FilterOptions, FilterOptionsQuery
from ccm.queries.results import CrossLine, GroupLine
from ccm.render.sentences import explorer as say
from ccm.screens.asked import is_known
from ccm.screens.explorer import actor_parameter, of_actors
from ccm.screens.exported import Exported, Form
from ccm.screens.exported_groups import about_table, before_plan
from ccm.screens.refusal import require_understood
from ccm.screens.view import View


def exported_crosses(view: View, form: Form, parameters: Mapping[str, str], origin: str = "") -> Exported:
    """The file of the crosses that the Explorer's address asks for, with the whole plan last.

    All actors of the kind, in the source's order, where the page draws the heaviest; those that the address
    chooses alone. Raises CcmError and NotAllowed as `exported` does.
    """
    require(view.actor, Action.READ_VALIDATED)
    plan = view.ask(ExplorerQuery(view.at))
    asked = {name: value.strip() for name, value in parameters.items() if name in _OWN and value.strip()}
    kind = asked.get("acteurs", "")
    actors = kind if kind in say.ACTORS else next(iter(say.ACTORS))
    lines = _in_order(of_actors(plan, actors), view.ask(FilterOptionsQuery(view.as_of)))
    chosen = {
        "axe": {line.key: say.axis_name(line.key, view.locale) for line in plan.axes},
        actor_parameter(actors): {line.key: line.label for line in lines},
    }
    require_understood(view, parameters, _strange(parameters, asked, chosen))
    kept = {name: _values(asked.get(name, "")) for name in chosen}
    words = [view._(say.ACTORS[actors])]
    words += [chosen[name][value] for name, values in kept.items() for value in values]
    about = about_table(view, CROSSES, origin, "explorer", asked)
    rows = _rows(lines, kept["axe"], kept[actor_parameter(actors)])
    return before_plan(view, form, replace(about, filters=tuple(words)), rows, plan.plan)


#: The parameters of the Explorer that a file of its figures heeds; of its measures it has all.
_OWN = ("acteurs", "mesure", "axe", "region", "institution")


def _strange(
    parameters: Mapping[str, str], asked: Mapping[str, str], chosen: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str]]:
    """The (name, value) pairs of an address that mean nothing to these figures."""
    yield from ((name, value) for name, value in parameters.items() if not is_known(name, _OWN))
    accepted = {"acteurs": say.ACTORS, "mesure": say.MEASURES, **chosen}
    for name, text in asked.items():
        yield from ((name, value) for value in _values(text) if value not in accepted.get(name, ()))


def _values(text: str) -> list[str]:
    return [value for value in text.split(",") if value]


def _in_order(lines: Sequence[GroupLine], options: FilterOptions) -> list[GroupLine]:
    """As the source has them, and the files of the other pages: the page has the heaviest first."""
    place = {entity.key: number for number, entity in enumerate((*options.regions, *options.institutions))}
    return sorted(lines, key=lambda line: place[line.key])


def _rows(lines: Sequence[GroupLine], axes: Sequence[str], actors: Sequence[str]) -> Iterator[CrossLine]:
    """One row for each actor and axis; of these alone, where any are named."""
    for line in lines:
        for row in line.by_axis:
            if (not actors or line.key in actors) and (not axes or row.key in axes):
                yield CrossLine(
                    line.key,
                    line.label,
                    row.figures,
                    entity=line.entity,
                    axis=row.key,
                    axis_label=row.label,
                )
