"""How much memory there is, and the refusal of what needs more, before anything runs.

Linux promises memory that it does not have, and ends a process that makes use of the promise. So a request that
can't be met has to be recognised here.
"""

import os
from collections.abc import Iterator
from pathlib import Path

# What is smaller is not looked at: a look takes as long as the simulation of some thousand spikes.
_SMALL = 1 << 26
_PROC = Path("/proc")
_CGROUPS = Path("/sys/fs/cgroup")


def require(**needs: int) -> None:
    """Refuse what takes more memory than there is.

    Parameters
    ----------
    **needs : int
        Bytes by the name of the argument that asks for them.

    Raises
    ------
    MemoryError
        If their sum is more than is available. The message names the argument that asks for most.
    """
    total = sum(needs.values())
    if total < _SMALL:
        return
    there = available()
    if there is not None and total > there:
        name = max(needs, key=needs.__getitem__)
        text = f"{told(total)} are needed, {told(needs[name])} of them for {name}, and {told(there)} are available"
        raise MemoryError(f"{name} must be small enough for the memory: {text}")


def told(size: float) -> str:
    """Return a number of bytes as people say it."""
    units = ("bytes", "KB", "MB", "GB", "TB")
    power = next((k for k in range(4) if size < 1000.0 ** (k + 1)), 4)
    return f"{size / 1000.0**power:.3g} {units[power]}"


def available() -> int | None:
    """Return how many bytes this process may still take; None where the system does not say.

    It is the least of what the system has left, free swap included, what the limits of the control groups leave
    (those of a container or of a job on a cluster), and what the limit on the address space leaves.
    """
    return min([*_of_system(), *_of_groups(), *_of_limits()], default=None)


def _of_system() -> Iterator[int]:
    fields = _fields(_PROC / "meminfo")
    if "MemAvailable:" in fields:
        yield 1024 * (fields["MemAvailable:"] + fields.get("SwapFree:", 0))
    elif "SC_PHYS_PAGES" in getattr(os, "sysconf_names", ()):
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _of_groups() -> Iterator[int]:
    """Return what is left in each control group around this process, of either version of control groups."""
    for line in _lines(_PROC / "self" / "cgroup"):
        _, controllers, path = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        root = _CGROUPS / "memory" if controllers else _CGROUPS
        names = ("limit_in_bytes", "usage_in_bytes") if controllers else ("max", "current")
        group = Path(path.lstrip("/"))
        for folder in (group, *group.parents):
            limit, usage = (_number(root / folder / f"memory.{name}") for name in names)
            if limit is not None and usage is not None:
                # What only mirrors files is given back when it is needed.
                cached = _fields(root / folder / "memory.stat").get("inactive_file", 0)
                yield max(limit - usage + cached, 0)


def _of_limits() -> Iterator[int]:
    try:
        import resource
    except ImportError:  # not there on Windows, which promises no more than it has
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    used = _fields(_PROC / "self" / "status").get("VmSize:")
    if limit != resource.RLIM_INFINITY and used is not None:
        yield max(limit - 1024 * used, 0)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []


def _number(path: Path) -> int | None:
    """Return the number in a file; None if there is none, or the word "max"."""
    text = "".join(_lines(path))
    return int(text) if text.isdigit() else None


def _fields(path: Path) -> dict[str, int]:
    """Return the numbers of a file whose lines are names and numbers."""
    pairs = (line.split() for line in _lines(path))
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) > 1 and pair[1].isdigit()}
