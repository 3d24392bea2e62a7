"""Writing a file so that nobody ever finds half of it."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from ccm.domain.errors import CcmError

_REASONS = {
    errno.ENOENT: "ce chemin n'existe pas",
    errno.EACCES: "le droit manque",
    errno.EPERM: "le droit manque",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le disque est plein",
    errno.EISDIR: "c'est un dossier",
    errno.ENAMETOOLONG: "le nom est trop long",
}


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """A text file to write to, in UTF-8, as `whole_bytes` makes it."""
    with whole_bytes(path) as file:
        text = TextIOWrapper(file, encoding="utf-8", newline="\n")
        yield text
        # Flushes, and leaves the file to be closed as a whole one.
        text.detach()


@contextmanager
def whole_bytes(path: Path) -> Iterator[BinaryIO]:
    """A file to write to that takes its name only once it is whole and on the disk.

    A link stays and its target is replaced; a device or a pipe is written through. Raises CcmError where
    it cannot be written.
    """
    path = path.resolve()
    if path.exists() and not path.is_file() and not path.is_dir():
        with _through(path) as file:
            yield file
        return
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "", str(path))
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _refused(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _through(path: Path) -> Iterator[BinaryIO]:
    """What is no regular file is never replaced: the machine would lose a device."""
    try:
        with path.open("wb") as file:
            yield file
    except OSError as error:
        raise _refused(path, error) from error


def reason(error: OSError) -> str:
    """Why the system refused a file, in plain words where the cause is a usual one."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _refused(path: Path, error: OSError) -> CcmError:
    return CcmError("%(path)s ne peut pas être écrit : %(reason)s.", path=path, reason=reason(error))
