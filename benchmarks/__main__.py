"""Every measurement, one after the other: python -m benchmarks [FOLDER], which keeps its stores."""

from pathlib import Path

from benchmarks import brief, cold, exports, figures_sql, flat, reruns, slow_line
from benchmarks.stores import in_folder


def main(folder: Path) -> None:
    """Make the demonstration stores, then measure over them."""
    figures_sql.main(folder)
    print()
    brief.main(folder)
    exports.main(folder)
    print()
    reruns.main(folder)
    print()
    cold.main(folder)
    print()
    slow_line.main(folder)
    print()
    # Last, as the largest store takes longest.
    flat.main(folder)


if __name__ == "__main__":
    in_folder(main)
