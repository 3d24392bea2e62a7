"""Files of the figures by axis, region and institution: the tables of three pages."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from ccm.auth import Action, require
from ccm.domain.figures import Figures
from ccm.domain.vocabulary import GroupBy
from ccm.exports.columns import AXES, INSTITUTIONS, REGIONS, Table
from ccm.exports.register import About
from ccm.queries.figures import FiguresQuery
from ccm.queries.filters import FilterOptions, FilterOptionsQuery
from ccm.queries.results import EntityRef, FiguresTable, GroupLine
from ccm.render.pages import PAGES
from ccm.screens.asked import is_known
from ccm.screens.exported import MEDIA_TYPES, Exported, Form, file_name, write_table
from ccm.screens.refusal import require_understood
from ccm.screens.view import View


@dataclass(frozen=True)
class Groups:
    """The table of one page: its rows, how figures are grouped; `one` is the parameter that keeps one row."""

    page: str
    table: Table
    by: GroupBy
    one: str = ""

    def entities(self, options: FilterOptions) -> dict[str, EntityRef]:
        """Whom the rows may be of, by key."""
        named = {GroupBy.REGION: options.regions, GroupBy.ENTITY: options.institutions}
        return {entity.key: entity for entity in named.get(self.by, ())}


#: Institutions are all entities but the regions: ministries, agencies, classes of actors.
GROUPS = (
    Groups("overview", AXES, GroupBy.AXIS),
    Groups("regions", REGIONS, GroupBy.REGION, "region"),
    Groups("institutions", INSTITUTIONS, GroupBy.ENTITY, "entite"),
)


def exported_groups(
    view: View, groups: Groups, form: Form, parameters: Mapping[str, str], origin: str = ""
) -> Exported:
    """The file of a page's table at the page's address, in the source's order, with the whole plan last.

    Raises CcmError and NotAllowed as `exported` does.
    """
    require(view.actor, Action.READ_VALIDATED)
    entities = groups.entities(view.ask(FilterOptionsQuery(view.as_of)))
    key = parameters.get(groups.one, "").strip()
    asked = {groups.one: key} if key else {}
    strange = [(name, value) for name, value in parameters.items() if not is_known(name, (groups.one,))]
    strange += [one for one in asked.items() if key not in entities]
    require_understood(view, parameters, strange)
    about = about_table(view, groups.table, origin, groups.page, asked)
    about = replace(about, filters=(entities[key].short_name,) if key else ())
    found = view.ask(FiguresQuery(view.at, groups.by))
    return before_plan(view, form, about, _rows(found, entities, key), found.plan)


def about_table(view: View, table: Table, origin: str, page: str, asked: Mapping[str, str]) -> About:
    """What the file of a page's table says of itself, where the address asks this of the page."""
    return About(
        as_of=view.as_of,
        address=origin + view.links.in_full().to(PAGES[page].path, **asked),
        locale=view.locale,
        session=view.session,
        demo=view.facts.demo,
        provisional=view.provisional,
        table=table,
        asked=tuple(asked.items()),
    )


def before_plan(view: View, form: Form, about: About, rows: Iterable[GroupLine], plan: Figures) -> Exported:
    """The file of these rows, the whole plan below them."""
    last = GroupLine("plan", view._("Ensemble du plan"), plan)
    write = partial(write_table, form, rows=(*rows, last), about=about)
    return Exported(file_name(form, about), MEDIA_TYPES[form], write)


def _rows(found: FiguresTable, entities: Mapping[str, EntityRef], key: str) -> Iterator[GroupLine]:
    """The groups of the page, or the one of this key."""
    for row in found.rows:
        if (row.key in entities or not entities) and key in ("", row.key):
            yield GroupLine(row.key, row.label, row.figures, entity=entities.get(row.key))
