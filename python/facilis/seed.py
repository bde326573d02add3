"""The room of randomness: from what a user gives as `rng` to the stream that the core draws from.

One root per run, a `numpy.random.SeedSequence` whose entropy and spawn key the results keep (SPEC 7). The
core continues the stream of NumPy's ``PCG64DXSM(root)`` bit for bit.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.random import BitGenerator, Generator, RandomState, SeedSequence
from numpy.typing import NDArray

from . import _core, checks

Seed: TypeAlias = int | Sequence[int] | SeedSequence | BitGenerator | Generator | RandomState | None
Entropy: TypeAlias = int | tuple[int, ...]

_SEQUENCES = (list, tuple, range, np.ndarray)
_ALLOWED = "None, an integer >= 0, a sequence of them, a SeedSequence, a BitGenerator or a Generator"


def root(rng: Seed) -> SeedSequence:
    """Return the seed sequence that `rng` stands for.

    A generator is spawned from, so that using it again gives another stream; a SeedSequence is never mutated,
    so that using it again gives the same one. None takes fresh entropy from the operating system.

    Raises
    ------
    TypeError, ValueError
        If `rng` is not what `numpy.random.default_rng` takes, or is a bool.
    """
    try:
        if type(rng) is int:
            return SeedSequence(rng)
        source = _source(rng)
        return SeedSequence(_plain(source.entropy), spawn_key=tuple(int(k) for k in source.spawn_key))
    except Exception as error:  # NumPy's word, or that of an object that pretends to be a number
        kind = ValueError if isinstance(error, ValueError) else TypeError
        raise kind(checks.wrong("rng", _ALLOWED, rng)) from None


def replicate(entropy: Entropy, spawn_key: tuple[int, ...], k: int) -> SeedSequence:
    """Return the seed sequence of replicate `k` of an ensemble with that root."""
    return SeedSequence(entropy, spawn_key=(*spawn_key, k))


def assembled(entropy: Entropy, spawn_key: tuple[int, ...]) -> NDArray[np.uint32]:
    """Return the 32-bit words to which NumPy appends the number of a child of that root.

    They are what `SeedSequence` mixes: the entropy, filled up to its pool of four words, then the spawn key.
    """
    parts = entropy if isinstance(entropy, tuple) else (entropy,)
    run = [word for part in parts for word in _halves(part)]
    run += [0] * (4 - len(run))
    return np.array(run + [word for part in spawn_key for word in _halves(part)], dtype=np.uint32)


def words(sequence: SeedSequence) -> tuple[int, int]:
    """Return state and increment of NumPy's PCG64DXSM with that seed, two integers of 128 bits."""
    return _core.generator(sequence.pool)


def _halves(number: int) -> Iterator[int]:
    """Split a whole number into words of 32 bits, the lowest first."""
    yield number & 0xFFFFFFFF
    if number >> 32:
        yield from _halves(number >> 32)


def _source(rng: Seed) -> SeedSequence:
    if checks.is_bool(rng):
        raise TypeError
    if isinstance(rng, SeedSequence):
        return rng
    if not isinstance(rng, BitGenerator | Generator | RandomState):
        return SeedSequence(rng)
    bits = np.random.default_rng(rng).bit_generator
    parent = bits.seed_seq
    if isinstance(parent, SeedSequence):
        return parent.spawn(1)[0]
    # Generators seeded the old way have no seed sequence: what they draw is all that tells them apart.
    return SeedSequence(bits.random_raw(8).tolist())


def _plain(entropy: object) -> Entropy:
    """Return entropy as an int or a flat tuple of ints, which compare, hash and print."""
    flat = tuple(_flat(entropy))
    return flat if isinstance(entropy, _SEQUENCES) else flat[0]


def _flat(entropy: Any) -> Iterator[int]:
    if isinstance(entropy, _SEQUENCES):
        for part in entropy:
            yield from _flat(part)
    else:
        yield int(entropy)
