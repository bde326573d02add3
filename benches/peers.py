"""The same network by other programs: what is not installed is reported as missing.

The Numba competitor does what this kernel does except for its blocks: one shared field, one frame of scaled
numbers, a bound held for many candidates, and splitmix64 for random numbers. The textbook program evaluates all
rates at every event.
"""

import importlib
from collections.abc import Callable, Iterator
from math import exp, log

import brian
import numpy as np
from measure import Figure, in_turns, seconds

import facilis as fc

MODEL = fc.Model.example("bistable").replace(alpha=0.5)
UPPER = fc.equilibria(MODEL)[-1]
SMART_SPIKES = 500_000


def missing(name: str) -> str | None:
    """Return why a package cannot be used, or None."""
    try:
        importlib.import_module(name)
    except Exception as error:  # a broken installation is no reason to stop
        return f"{name}: not measured ({type(error).__name__})"
    return None


def numba_programs() -> tuple[Callable, Callable]:
    """Return the smart competitor and the textbook program, compiled."""
    import numba

    @numba.njit(inline="always")
    def next_unit(state):
        state[0] += np.uint64(0x9E3779B97F4A7C15)
        z = state[0]
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.float64((z ^ (z >> np.uint64(31))) >> np.uint64(11)) * (1.0 / 9007199254740992.0)

    @numba.njit(inline="always")
    def hill(u):
        square = u * u
        return square * square / (1.0 + square * square)

    @numba.njit
    def smart(private, calcium, potential, alpha, lam, spikes, state):
        n = private.size
        weight, field, time, done, top = alpha / n, potential, 0.0, 0, potential * 1.01
        bound = hill(top)
        while done < spikes:
            time -= log(1.0 - next_unit(state)) / (n * bound)
            i = int(next_unit(state) * n)
            decay, fade = exp(-time), exp(-lam * time)
            if next_unit(state) * bound < hill((field + private[i]) * decay):
                gift = weight * calcium[i] * fade / decay
                field += gift
                private[i] -= gift
                calcium[i] += 1.0 / fade
                done += 1
            highest = field * decay
            if highest > top or highest < 0.97 * top:
                top = highest * 1.01
                bound = hill(top)
            if time > 50.0:
                for k in range(n):
                    private[k] *= decay
                    calcium[k] *= fade
                field *= decay
                time = 0.0
        return field

    @numba.njit
    def textbook(potential, calcium, alpha, beta, lam, spikes):
        n = potential.size
        done = 0
        rates = np.empty(n)
        while done < spikes:
            bound = 0.0
            for k in range(n):
                rates[k] = hill(potential[k])
                bound += rates[k]
            wait = np.random.exponential() / bound
            decay, fade = exp(-beta * wait), exp(-lam * wait)
            mark, total, spiker = np.random.random() * bound, 0.0, -1
            for k in range(n):
                potential[k] *= decay
                calcium[k] *= fade
                total += hill(potential[k])
                if spiker < 0 and total > mark:
                    spiker = k
            if spiker >= 0:
                gift = alpha / n * calcium[spiker]
                for k in range(n):
                    potential[k] += gift
                potential[spiker] -= gift
                calcium[spiker] += 1.0
                done += 1
        return done

    return smart, textbook


def numba_rows(sizes: tuple[int, ...]) -> Iterator[tuple[str, dict[str, Figure]]]:
    from kernel_rows import advancing

    smart, textbook = numba_programs()
    start = {"potential": UPPER.potential, "calcium": UPPER.calcium}
    for n in sizes:
        private, calcium = np.zeros(n), np.full(n, UPPER.calcium)
        state = np.array([1], np.uint64)

        def compete(private=private, calcium=calcium, state=state) -> float:
            private[:], calcium[:] = 0.0, UPPER.calcium
            arguments = (private, calcium, UPPER.potential, MODEL.alpha, MODEL.lam, SMART_SPIKES, state)
            return 1e9 * seconds(lambda: smart(*arguments)) / SMART_SPIKES

        measures = {"kernel": advancing(MODEL, n, **start), "smart_numba": compete}
        if n == 10_000:
            potentials, calciums = np.full(n, UPPER.potential), np.full(n, UPPER.calcium)
            slow = (potentials, calciums, MODEL.alpha, MODEL.beta, MODEL.lam, 1000)
            measures["textbook_numba"] = lambda slow=slow: 1e6 * seconds(lambda: textbook(*slow))
        yield f"N = {n:,}, ns per spike", in_turns(5, **measures)


def brian2_rows(n: int = 10_000) -> Iterator[tuple[str, dict[str, Figure]]]:
    from kernel_rows import advancing

    kernel = advancing(brian.MODEL, n, potential=brian.START[0], calcium=brian.START[1])
    title = f"N = {n:,}, dt = {brian.DT}, bias at t = {brian.T_END:g} {brian.bias():.2%}, ns per spike"
    yield title, in_turns(3, kernel=kernel, brian2=brian.network(n))
