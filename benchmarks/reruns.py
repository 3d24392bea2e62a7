"""CPU of one rerun of the overview, at sizes S and M, beside an empty Streamlit page in the same run."""

from pathlib import Path

from benchmarks.served import cpu_per_run, served
from benchmarks.stores import demonstration


def main(folder: Path) -> None:
    """Print milliseconds of CPU and bytes for each page."""
    print(f"{'page':34}{'CPU ms/rerun':>14}{'kB before compression':>24}")
    with served("benchmarks/empty_page.py") as (port, process):
        _print("empty Streamlit page", cpu_per_run(port, process))
    for size in ("S", "M"):
        with served("dashboard.py", demonstration(size, folder)) as (port, process):
            _print(f"overview, size {size}", cpu_per_run(port, process))
            _print(f"register, size {size}", cpu_per_run(port, process, "recommandations"))
            _print(f"regions, size {size}", cpu_per_run(port, process, "regions"))


def _print(name: str, measured: tuple[float, int]) -> None:
    milliseconds, received = measured
    print(f"{name:34}{milliseconds:>14.1f}{received / 1000:>24.1f}", flush=True)
