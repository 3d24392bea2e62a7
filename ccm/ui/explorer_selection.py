"""The Explorer's selection: read from the address, changed by a click or a rectangle on a chart."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from ccm.domain.dates import parse_day
from ccm.domain.vocabulary import Status
from ccm.queries.explorer import Explorer, Selection
from ccm.ui.address import write
from ccm.ui.context import Page

#: Parameters of the address that hold the selection; several values are parted by commas.
PARAMETERS = ("axe", "region", "institution", "statut", "jour")


def selection(page: Page, explorer: Explorer, start: dt.date | None) -> Selection:
    """The selection in the address; what names nothing in this plan is left out."""
    axes = {line.key for line in explorer.axes}
    regions = {line.key for line in explorer.regions}
    others = {line.key for line in (*explorer.ministries, *explorer.institutions)}
    return Selection(
        axes=_known(page.parameter("axe"), axes),
        entities=_known(page.parameter("region"), regions) + _known(page.parameter("institution"), others),
        statuses=tuple(Status(code) for code in _known(page.parameter("statut"), set(Status))),
        on=_day(page.parameter("jour"), start, page.as_of),
    )


def not_understood(page: Page, chosen: Selection, explorer: Explorer) -> list[tuple[str, str]]:
    """The (name, value) pairs of the address that name nothing in this plan."""
    understood = address(chosen, explorer)
    asked = {name: (page.parameter(name) or "").split(",") for name in PARAMETERS}
    left_out = [
        (name, value)
        for name, values in asked.items()
        for value in values
        if value and value not in understood.get(name, "").split(",")
    ]
    return [(name, value) for name, value in left_out if name != "jour" or not understood.get("jour")]


def address(chosen: Selection, explorer: Explorer) -> dict[str, str]:
    """The parameters that stand for a selection."""
    regions = {line.key for line in explorer.regions}
    values = {
        "axe": ",".join(chosen.axes),
        "region": ",".join(key for key in chosen.entities if key in regions),
        "institution": ",".join(key for key in chosen.entities if key not in regions),
        "statut": ",".join(status.value for status in chosen.statuses),
        "jour": chosen.on.isoformat() if chosen.on else "",
    }
    return {name: value for name, value in values.items() if value}


def pointed(event: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What the marks of a chart's event stand for: the values of each part that all of them name.

    Marks of one rectangle together stand for every cross of their axes, actors and statuses.
    """
    chosen = event.get("selection", {}).get("points", [])
    parts = [text.split("|") for text in map(_text, chosen) if text.count("|") == 3]
    columns = zip(*parts, strict=True) if parts else ((), (), (), ())
    axes, entities, statuses, days = (_together(column) for column in columns)
    return {"axes": axes, "entities": entities, "statuses": statuses, "days": days[-1:]}


def follow(event: Any, present: Selection, explorer: Explorer) -> None:
    """Bring what was just chosen on a chart into the address, and run again; a second time takes it off."""
    parts = pointed(event)
    if not any(parts.values()):
        return
    chosen = (
        Selection(present.axes, present.entities, present.statuses, dt.date.fromisoformat(parts["days"][0]))
        if parts["days"]
        else Selection(
            parts["axes"],
            parts["entities"],
            tuple(Status(code) for code in parts["statuses"] if code in set(Status)),
        )
    )
    if chosen == present and parts["days"]:
        chosen = Selection(present.axes, present.entities, present.statuses)
    put(Selection() if chosen == present else chosen, explorer)


def put(chosen: Selection, explorer: Explorer) -> None:
    """Put a selection into the address in place of the present one, and run again."""
    write(**dict.fromkeys(PARAMETERS, "") | address(chosen, explorer))
    st.rerun()


def _known(text: str | None, known: set[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in (text or "").split(",") if code in known))


def _day(text: str | None, start: dt.date | None, end: dt.date) -> dt.date | None:
    try:
        day = parse_day(text or "")
    except ValueError:
        return None
    return day if start and start <= day < end else None


def _text(chosen: Mapping[str, Any]) -> str:
    said = chosen.get("customdata", "")
    return said if isinstance(said, str) else "".join(map(str, said or ()))


def _together(values: Iterable[str]) -> tuple[str, ...]:
    """The distinct values; none at all where one mark leaves this part open."""
    found = tuple(dict.fromkeys(values))
    return () if "" in found else found
