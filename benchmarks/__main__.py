"""Every measurement, one after the other."""

import tempfile
from pathlib import Path

from benchmarks import brief, cold, exports, figures_sql, reruns, slow_line


def main() -> None:
    """Make the demonstration stores, then measure over them."""
    with tempfile.TemporaryDirectory(prefix="ccm-bench-") as folder:
        figures_sql.main(Path(folder))
        print()
        brief.main(Path(folder))
        exports.main(Path(folder))
        print()
        reruns.main(Path(folder))
        print()
        cold.main(Path(folder))
        print()
        slow_line.main(Path(folder))


if __name__ == "__main__":
    main()
