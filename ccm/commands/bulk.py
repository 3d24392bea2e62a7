"""Writing many rows at once and learning their ids."""

from typing import Any

from sqlalchemy import Connection, func, insert, select


def insert_numbered(
    connection: Connection, model: Any, rows: list[dict[str, Any]], *columns: Any
) -> dict[Any, int]:
    """Insert rows and give the id of each by its values in `columns`, which tell them apart.

    One statement for all rows: asking each insert for its id would be one statement for each.
    """
    if not rows:
        return {}
    before = connection.execute(select(func.coalesce(func.max(model.id), 0))).scalar_one()
    connection.execute(insert(model), rows)
    # Writers stand in line: what has a greater id is what was written here.
    added = connection.execute(select(model.id, *columns).where(model.id > before))
    return {tuple(row[1:]): row[0] for row in added}
