"""Small tables in plain text: a section's name, a heading, rows; an empty line ends a section.

Cells are parted by blanks, `-` is an empty cell. Days are ISO; an instant is a day (then noon, UTC) or an
ISO instant with its offset.
"""

import datetime as dt

Cells = dict[str, str | None]
Plan = dict[str, list[Cells]]


def parse(text: str) -> Plan:
    """The sections of a plan, each a list of rows by column name; an empty cell is None."""
    plan: Plan = {}
    for block in text.strip().split("\n\n"):
        name, heading, *lines = [line.split() for line in block.strip().splitlines()]
        rows = [
            dict(zip(heading, (None if cell == "-" else cell for cell in line), strict=True))
            for line in lines
        ]
        plan.setdefault(name[0], []).extend(rows)
    return plan


def render(plan: Plan) -> str:
    """The text of a plan: what a failing example is shown as."""
    blocks = []
    for name, rows in plan.items():
        if rows:
            lines = [list(rows[0]), *[[row[column] or "-" for column in rows[0]] for row in rows]]
            widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
            shown = ["  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) for line in lines]
            blocks.append("\n".join([name, *[line.rstrip() for line in shown]]))
    return "\n\n".join(blocks)


def day(text: str | None) -> dt.date | None:
    """A day from its cell."""
    return dt.date.fromisoformat(text) if text else None


def moment(text: str | None) -> dt.datetime | None:
    """An instant from its cell; a day stands for its noon."""
    if text is None or len(text) > 10:
        return dt.datetime.fromisoformat(text) if text else None
    return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(12), dt.UTC)
