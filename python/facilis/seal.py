"""A checksum at the end of a zip file, over everything before it."""

import hashlib
import os
from typing import BinaryIO

# The comment of a zip file is its end, and readers that don't know ours pass over it.
_MARK = b"facilis SHA-256 "
_DIGITS = 64
_CHUNK = 1 << 20


def close(file: BinaryIO) -> None:
    """Write the checksum to the end of a zip file that is open for reading and writing."""
    from zipfile import ZipFile  # here, as an import of the package need not wait for it

    with ZipFile(file, "a") as archive:
        archive.comment = _MARK + b"0" * _DIGITS
    end = file.seek(-_DIGITS, os.SEEK_END)
    digest = _digest(file, end)
    file.seek(end)
    file.write(digest)


def is_intact(file: BinaryIO) -> bool | None:
    """Tell whether the checksum is that of the content; None if there is no checksum."""
    size = file.seek(0, os.SEEK_END)
    end = size - _DIGITS
    start = end - len(_MARK)
    if start < 0:
        return None
    file.seek(start)
    mark, digest = file.read(len(_MARK)), file.read()
    return digest == _digest(file, end) if mark == _MARK else None


def _digest(file: BinaryIO, end: int) -> bytes:
    """Return the checksum of the first `end` bytes."""
    file.seek(0)
    sha = hashlib.sha256()
    while end > 0:
        chunk = file.read(min(end, _CHUNK))
        if not chunk:
            break
        sha.update(chunk)
        end -= len(chunk)
    return sha.hexdigest().encode()
