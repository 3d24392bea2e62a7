"""The copy of Streamlit's files that is sent: small fonts, and each file compressed.

`python -m ccm.web.compressed_files` makes it where it is not; the server has it made as it starts.
"""

import os
import shutil
import signal
import sys
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

from blacknoise.compress import compress

from ccm.config import settings
from ccm.web.static import FONTS, missing, stock

_ASSETS = Path(__file__).parent / "assets"


def prepare(folder: Path) -> None:
    """Make the copy at `folder`, whole or not at all. Raises OSError where it cannot be written."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as temporary:
        copy = Path(temporary) / "static"
        shutil.copytree(stock(), copy)
        for beginning, ours in FONTS.items():
            for theirs in (copy / "media").glob(f"{beginning}*"):
                shutil.copyfile(_ASSETS / ours, theirs)
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
            compress(copy)
        try:
            copy.rename(folder)
        except OSError:
            # Another process was there first.
            if not folder.is_dir():
                raise


def _main() -> None:
    """Make the copy where there is none: a process of its own, which takes a minute and no reader's time."""
    # Whoever stops it leaves nothing half made.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if not missing():
        return
    try:
        prepare(settings().static)
    except OSError as error:
        sys.exit(f"Streamlit's files are sent uncompressed: {error}")


if __name__ == "__main__":
    _main()
