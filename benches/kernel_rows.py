"""The kernel: time per spike against the light loop, for sizes, rates, conventions and situations."""

from collections.abc import Callable, Iterator

import numpy as np
from measure import Figure, LightLoop, in_turns, seconds

import facilis as fc

MODEL = fc.Model.example("bistable").replace(alpha=0.5)
UPPER = {"potential": fc.equilibria(MODEL)[-1].potential, "calcium": fc.equilibria(MODEL)[-1].calcium}
MEMORY = fc.Model.example("memory")
REGION = fc.Region.potential_above(0.7)
LIVELY = MODEL.replace(rate=fc.Hill(1.0, 1.0, 4.0, base=0.1))  # so that the smallest networks don't die
SPIKES = 1_000_000  # in one turn
REPEATS = 7

Row = tuple[str, dict[str, Figure]]


def advancing(model: fc.Model, n: int, spikes: int = SPIKES, **start) -> Callable[..., float]:
    """Return what goes on with one network for about so many spikes and tells nanoseconds per spike."""
    sim = fc.Simulation(model, n, rng=1, **start)

    def go_on(**options) -> float:
        options = {"grid": None, "spikes": False, "max_spikes": spikes} | options
        with np.testing.suppress_warnings() as quiet:
            quiet.filter(UserWarning)
            quiet.filter(RuntimeWarning)
            run = sim.advance(np.inf, **options)
        return 1e9 * run.stats.seconds / max(run.stats.spikes, 1)

    return go_on


def sizes(light: LightLoop, most: int) -> Iterator[Row]:
    """Kernel, light loop, and the kernel with all spikes recorded, at the upper equilibrium."""
    for n in [2, 5, 10, 20, 50, *(10**k for k in range(2, 10) if 10**k <= most)]:
        kernel = advancing(MODEL if n >= 100 else LIVELY, n, **UPPER)
        yield (
            f"N = {n:,}",
            in_turns(
                REPEATS,
                kernel=kernel,
                light=lambda n=n: light(n, SPIKES),
                recorded=lambda kernel=kernel: kernel(spikes=True),
            ),
        )


def memory_times(light: LightLoop) -> Iterator[Row]:
    """Memory times of small networks, on one thread."""

    def per_spike(n: int) -> float:
        found = None

        def run() -> None:
            nonlocal found
            found = fc.memory_times(
                MEMORY,
                n,
                400.0,
                region=REGION,
                replicates=max(8, 400_000 // n),
                workers=1,
                potential=2.0,
                calcium=9.0,
                rng=1,
            )

        return 1e9 * seconds(run) / found.spikes.sum()

    for n in (2, 20, 50, 100, 200, 400):
        yield (
            f"memory times, N = {n}",
            in_turns(REPEATS, kernel=lambda n=n: per_spike(n), light=lambda n=n: light(max(n, 2), SPIKES)),
        )


def rates() -> Iterator[Row]:
    """Every rate and convention beside Hill's, at the same activity."""
    knots = np.linspace(0.0, 10.0, 4096)
    others = {
        "Sigmoid": {"rate": fc.Sigmoid(1.0, 1.0, 0.3)},
        "Exponential": {"rate": fc.Exponential(0.1, 1.0, 1.0)},
        "Ramp": {"rate": fc.Ramp(0.2, 3.0, 1.0)},
        "Hill(power=2.5)": {"rate": fc.Hill(1.0, 1.0, 2.5)},
        "Table(4096 knots)": {"rate": fc.Table(knots, fc.Hill(1.0, 1.0, 4.0)(knots))},
        "after": {"transmits": "after"},
        "all": {"recipients": "all"},
    }
    for n in (100, 10_000):
        hill = advancing(MODEL, n, SPIKES // 2, **UPPER)
        for name, change in others.items():
            other = advancing(MODEL.replace(**change), n, SPIKES // 2, **UPPER)
            yield f"{name}, N = {n:,}", in_turns(5, kernel=other, hill=hill)


def situations() -> Iterator[Row]:
    """Networks that do not rest at their upper equilibrium, beside one that does."""
    n = 10_000
    hill = advancing(MODEL, n, SPIKES // 2, **UPPER)
    saddle = fc.equilibria(MODEL)[1]
    unequal = np.random.default_rng(1).uniform(0.0, 2.0, n)

    def fresh(model: fc.Model, t_end: float, neurons: int = n, **start) -> float:
        run = fc.simulate(model, neurons, t_end, grid=None, spikes=False, rng=1, **start)
        return 1e9 * run.stats.seconds / max(run.stats.spikes, 1)

    pulses = [fc.Pulse(k + 0.2, k + 0.4, 1.0) for k in range(1000)]
    near = {"potential": saddle.potential, "calcium": saddle.calcium}
    rows = {
        "near the saddle": lambda: fresh(MODEL, 10.0, 100_000, **near),
        "a decaying network": lambda: fresh(
            MODEL.replace(alpha=0.05), 40.0, 100_000, potential=3.0, calcium=9.0
        ),
        "unequal starts": lambda: fresh(
            MODEL, 50.0, potential=unequal * UPPER["potential"], calcium=unequal * UPPER["calcium"]
        ),
        "a train of 1000 pulses": lambda: fresh(MODEL, 1000.0, 500, stimulus=pulses, **UPPER),
        "N = 2": lambda: fresh(LIVELY, 1e5, 2, **UPPER),
        "N = 5": lambda: fresh(LIVELY, 4e4, 5, **UPPER),
        "N = 20": lambda: fresh(LIVELY, 1e4, 20, **UPPER),
    }
    for name, measure in rows.items():
        yield name, in_turns(5, kernel=measure, hill=hill)


def extras() -> Iterator[Row]:
    """What a grid, a progress bar and the coupling cost."""
    n, t_end = 10_000, 100.0

    def simulate(**options) -> float:
        options = {"grid": None, "spikes": False, "rng": 1} | UPPER | options
        return 1e3 * seconds(lambda: fc.simulate(MODEL, n, t_end, **options))

    yield (
        f"N = {n:,}, t = {t_end:g}, ms",
        in_turns(
            REPEATS,
            plain=simulate,
            grid_1000=lambda: simulate(grid=1000),
            progress=lambda: simulate(progress=lambda fraction: None),
            couple=lambda: 1e3 * seconds(lambda: fc.couple(MODEL, n, t_end, grid=2, rng=1, **UPPER)),
        ),
    )
    most = 10_000_000
    yield (
        f"building and returning N = {most:,}, ns per neuron",
        in_turns(
            3,
            building=lambda: (
                1e9 * seconds(lambda: fc.simulate(MODEL, most, 0.0, grid=None, spikes=False, rng=1)) / most
            ),
        ),
    )
