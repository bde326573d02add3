"""Bad inputs: each is refused by an error that names the argument, the value given and what is allowed."""

import subprocess
import sys

import numpy as np
import pytest

import facilis as fc

MODEL = fc.Model.example("memory")
HILL = fc.Hill(1.0, 1.0, 4)
nan, inf = np.nan, np.inf


def model(alpha=0.2, beta=1.0, lam=0.1, rate=HILL, **options):
    return fc.Model(alpha, beta, lam, rate, **options)


def run(n=10, t_end=5.0, model=MODEL, **options):
    options = {"potential": 2.0, "calcium": 9.0, "rng": 1, **options}
    return fc.simulate(model, n, t_end, **options)


def advance(until, **options):
    simulation = fc.Simulation(MODEL, 10, potential=2.0, calcium=9.0, rng=1)
    simulation.advance(2.0)
    return simulation.advance(until, **options)


V, T = ValueError, TypeError
ROWS = [
    # The model
    (lambda: model(alpha=-1.5), V, "alpha", "-1.5", ">= 0"),
    (lambda: model(alpha=nan), V, "alpha", "nan", "finite"),
    (lambda: model(alpha=inf), V, "alpha", "inf", "finite"),
    (lambda: model(alpha="0.2"), T, "alpha", "'0.2'", "number"),
    (lambda: model(alpha=None), T, "alpha", "None", "number"),
    (lambda: model(alpha=True), T, "alpha", "True", "number"),
    (lambda: model(alpha=0.2j), T, "alpha", "0.2j", "number"),
    (lambda: model(alpha=[0.2]), T, "alpha", "[0.2]", "number"),
    (lambda: model(alpha=10**400), V, "alpha", "1000", "number"),
    (lambda: model(rate=fc.Rate()), T, "rate", "facilis.Rate", "Table"),
    (lambda: model(beta=0.0), V, "beta", "0.0", "> 0"),
    (lambda: model(beta=-1), V, "beta", "-1", "> 0"),
    (lambda: model(lam=0.0), V, "lam", "0.0", "> 0"),
    (lambda: model(lam=-inf), V, "lam", "-inf", "finite"),
    (lambda: model(lam=np.array([0.1])), T, "lam", "array([0.1])", "number"),
    (lambda: model(rate=1.0), T, "rate", "1.0", "Hill"),
    (lambda: model(rate=fc.Hill), T, "rate", "Hill", "Table"),
    (lambda: model(transmits="during"), V, "transmits", "'during'", "'before' or 'after'"),
    (lambda: model(transmits=None), T, "transmits", "None", "'before' or 'after'"),
    (lambda: model(recipients="none"), V, "recipients", "'none'", "'others' or 'all'"),
    (lambda: MODEL.replace(alpha=-1.0), V, "alpha", "-1.0", ">= 0"),
    (lambda: fc.Model.example("memroy"), V, "name", "'memroy'", "'ghost'"),
    (lambda: fc.Model.example(3), T, "name", "3", "'memory'"),
    (lambda: MODEL.vector_field(0.0, [1.0, 2.0, 3.0]), V, "y", "[1.0, 2.0, 3.0]", "(2,) or (2, k)"),
    (lambda: MODEL.vector_field(0.0, "ab"), T, "y", "'ab'", "real numbers"),
    (lambda: MODEL.vector_field(0.0, [1, 2], current=nan), V, "current", "nan", "finite"),
    (lambda: MODEL.jacobian(0.0, [[1.0], [2.0]]), V, "y", "[[1.0], [2.0]]", "(2,)"),
    (lambda: MODEL.jacobian(0.0, [1.0, 2.0], nan), V, "current", "nan", "finite"),
    # The rates
    (lambda: fc.Constant(-1), V, "value", "-1", ">= 0"),
    (lambda: fc.Linear(inf), V, "slope", "inf", "finite"),
    (lambda: fc.Linear(1.0, base=-0.1), V, "base", "-0.1", ">= 0"),
    (lambda: fc.Hill(-1, 1, 4), V, "top", "-1", ">= 0"),
    (lambda: fc.Hill(1, 0, 4), V, "half", "0", "> 0"),
    (lambda: fc.Hill(1, 1, 0.5), V, "power", "0.5", ">= 1"),
    (lambda: fc.Hill(1, 1, 4, base=nan), V, "base", "nan", "finite"),
    (lambda: fc.Hill(1, 1, "4"), T, "power", "'4'", "number"),
    (lambda: fc.Sigmoid(1, nan, 1), V, "centre", "nan", "finite"),
    (lambda: fc.Sigmoid(1, 1, 0), V, "width", "0", "> 0"),
    (lambda: fc.Ramp(2.0, 1.0, 1.0), V, "high", "1.0", "> low"),
    (lambda: fc.Ramp(-1.0, 1.0, 1.0), V, "low", "-1.0", ">= 0"),
    (lambda: fc.Exponential(1, 1, 0), V, "cap", "0", "> 0"),
    (lambda: fc.Exponential(1, -1, 1), V, "slope", "-1", ">= 0"),
    (lambda: HILL(nan), V, "potential", "nan", "finite"),
    (lambda: HILL([1.0, inf]), V, "potential", "inf", "finite"),
    (lambda: HILL(10**400), V, "potential", "1000", "finite"),
    (lambda: HILL("1"), T, "potential", "'1'", "real numbers"),
    (lambda: HILL.derivative(None), T, "potential", "None", "real numbers"),
    (lambda: fc.Table([0, 2, 1], [0, 1, 2]), V, "potential", "potential[2] = 1.0", "increasing"),
    (lambda: fc.Table([0, 0], [0, 1]), V, "potential", "potential[1] = 0.0", "increasing"),
    (lambda: fc.Table([0, 1], [0, -1]), V, "rate", "rate[1] = -1.0", ">= 0"),
    (lambda: fc.Table([0, 1], [0, nan]), V, "rate", "rate[1] = nan", "finite"),
    (lambda: fc.Table([0, 1], [0, 1, 2]), V, "rate", "3", "length of potential"),
    (lambda: fc.Table([0], [0]), V, "potential", "1", "at least 2"),
    (lambda: fc.Table([[0, 1]], [[0, 1]]), V, "potential", "[[0, 1]]", "1-d"),
    (lambda: fc.Table([0, 1], ["a", "b"]), T, "rate", "['a', 'b']", "numbers"),
    (lambda: fc.Table([0, [1, 2]], [0, 1]), T, "potential", "[0, [1, 2]]", "numbers"),
    (lambda: fc.Table.from_function(3), T, "f", "3", "function"),
    (lambda: fc.Table.from_function(np.sin), V, "f", "f(", ">= 0"),
    (lambda: fc.Table.from_function(lambda u: [1.0, 2.0]), V, "f", "(2,)", "one for each potential"),
    (lambda: fc.Table([0, 1], [0, 1], "cubic"), V, "interpolation", "cubic", "'linear' or 'monotone'"),
    (lambda: fc.Table([0, 1], [0, 1], 3), T, "interpolation", "3", "'linear' or 'monotone'"),
    (lambda: fc.Model(1, 1, 1, np.tanh), T, "rate", "tanh", "Table.from_function"),
    (lambda: fc.Table.from_function(np.tanh, upper=0), V, "upper", "0", "> 0"),
    (lambda: fc.Table.from_function(np.tanh, points=1), V, "points", "1", "from 2 to"),
    (lambda: fc.Table.from_function(np.tanh, points=9.5), T, "points", "9.5", "integer"),
    # The stimulus
    (lambda: fc.Pulse(3.0, 1.0, 2.0), V, "stop", "1.0", "> start"),
    (lambda: fc.Pulse(3.0, 3.0, 2.0), V, "stop", "3.0", "> start"),
    (lambda: fc.Pulse(3.5, 1.0, 2.0), V, "stop", "got 1.0", "> start, which is 3.5"),
    (lambda: run(potential=[[1.0]]), V, "potential", "[[1.0]] of shape (1, 1)", "(10,)"),
    (lambda: run(grid=0.5), T, "grid", "got 0.5", "increasing"),
    (lambda: run(grid=[[1.0, 2.0]]), T, "grid", "of shape (1, 2)", "increasing"),
    (lambda: run(checkpoint="/nowhere/a.npz"), FileNotFoundError, "checkpoint", "a.npz'", "no '/nowhere'"),
    (lambda: run().save("/nowhere/a.npz"), FileNotFoundError, "path", "a.npz'", "no '/nowhere'"),
    (lambda: fc.separatrix(fc.Model.example("ghost")), V, "model", "alpha=0.21", "with a saddle"),
    (
        lambda: run(potential=0.1, exit_from=fc.Region.potential_above(0.7)),
        V,
        "exit_from",
        "0.1",
        "potential= and",
    ),
    (lambda: fc.Region.basin(fc.Model.example("ghost")), V, "equilibrium", "-1", "Region.potential_above"),
    (lambda: fc.Pulse(-1.0, 3.0, 2.0), V, "start", "-1.0", ">= 0"),
    (lambda: fc.Pulse(1.0, inf, 2.0), V, "stop", "inf", "finite"),
    (lambda: fc.Pulse(1.0, 2.0, -2.0), V, "current", "-2.0", ">= 0"),
    (lambda: fc.Pulse("1", 2.0, 2.0), T, "start", "'1'", "number"),
    (lambda: run(stimulus=3.0), T, "stimulus", "3.0", "Pulse"),
    (lambda: run(stimulus=None), T, "stimulus", "None", "Pulse"),
    (lambda: run(stimulus=[(1, 2, 3)]), T, "stimulus", "[(1, 2, 3)]", "Pulse"),
    (lambda: run(stimulus=[fc.Pulse(1, 2, 1e308)] * 2), V, "current", "1e308", "at most 1e100"),
    # The network
    (lambda: run(model=HILL), T, "model", "Hill", "Model"),
    (lambda: run(n=0), V, "n", "0", "from 1"),
    (lambda: run(n=-5), V, "n", "-5", "from 1"),
    (lambda: run(n=2**32), V, "n", "4294967296", "to 4294967295"),
    (lambda: run(n=10.0), T, "n", "10.0", "integer"),
    (lambda: run(n="10"), T, "n", "'10'", "integer"),
    (lambda: run(n=True), T, "n", "True", "integer"),
    (lambda: run(potential=-0.5), V, "potential", "-0.5", ">= 0"),
    (lambda: run(potential=[1.0] * 9), V, "potential", "[1.0, 1.0", "(10,)"),
    (lambda: run(potential=[1.0]), V, "potential", "[1.0]", "(10,)"),
    (lambda: run(potential=np.ones((10, 1))), V, "potential", "array", "(10,)"),
    (lambda: run(potential=[1.0] * 9 + [nan]), V, "potential", "potential[9] = nan", "finite"),
    (lambda: run(potential=["a"] * 10), T, "potential", "'a'", "number"),
    (lambda: run(potential=True), T, "potential", "True", "number"),
    (lambda: run(calcium=inf), V, "calcium", "inf", "finite"),
    (lambda: run(calcium=[1j] * 10), T, "calcium", "1j", "number"),
    (lambda: run(calcium=None), T, "calcium", "None", "number"),
    (lambda: run(rng=True), T, "rng", "True", "SeedSequence"),
    (lambda: run(rng=-1), V, "rng", "-1", ">= 0"),
    (lambda: run(rng=1.5), T, "rng", "1.5", "integer"),
    (lambda: run(rng="1"), T, "rng", "'1'", "Generator"),
    (lambda: run(rng=[1, -2]), V, "rng", "[1, -2]", "sequence"),
    (lambda: run(rng={}), T, "rng", "{}", "integer"),
    # One run
    (lambda: run(t_end=-1.0), V, "t_end", "-1.0", ">= 0"),
    (lambda: run(t_end=nan), V, "t_end", "nan", ">= 0"),
    (lambda: run(t_end="5"), T, "t_end", "'5'", "time"),
    (lambda: run(t_end=None), T, "t_end", "None", "time"),
    (lambda: run(t_end=inf), V, "grid", "1000", "None or an array"),
    (
        lambda: run(t_end=inf, grid=None, spikes=False, model=model(rate=fc.Constant(1.0))),
        V,
        "t_end",
        "inf",
        "exit_from or max_spikes",
    ),
    (lambda: advance(1.0), V, "until", "1.0", ">= 2.0"),
    (lambda: advance(nan), V, "until", "nan", ">= 2.0"),
    (lambda: advance(4.0, grid=[1.0, 3.0]), V, "grid", "grid[0] = 1.0", "from 2.0 to 4.0"),
    (lambda: run(grid=0), V, "grid", "0", "from 2 to"),
    (lambda: run(grid=-3), V, "grid", "-3", "from 2 to"),
    (lambda: run(grid=True), T, "grid", "True", "times"),
    (lambda: run(grid=10.0), T, "grid", "10.0", "times"),
    (lambda: run(grid="10"), T, "grid", "'10'", "times"),
    (lambda: run(grid=[0.0, 2.0, 1.0]), V, "grid", "grid[2] = 1.0", "increasing"),
    (lambda: run(grid=[0.0, 1.0, 1.0]), V, "grid", "grid[2] = 1.0", "strictly increasing"),
    (lambda: run(grid=[0.0, 6.0]), V, "grid", "grid[1] = 6.0", "to 5.0"),
    (lambda: run(grid=[0.0, nan]), V, "grid", "grid[1] = nan", "finite"),
    (lambda: run(grid=[[0.0, 1.0]]), T, "grid", "[[0.0, 1.0]]", "times"),
    (lambda: run(snapshots=3.0), T, "snapshots", "3.0", "array"),
    (lambda: run(snapshots=[-1.0]), V, "snapshots", "snapshots[0] = -1.0", "from 0.0"),
    (lambda: run(watch=3), T, "watch", "3", "indices"),
    (lambda: run(watch=[10]), V, "watch", "watch[0] = 10", "from 0 to 9"),
    (lambda: run(watch=[1, -1]), V, "watch", "watch[1] = -1", "from 0 to 9"),
    (lambda: run(watch=[1, 1]), V, "watch", "[1, 1]", "distinct"),
    (lambda: run(watch=[1.0]), T, "watch", "[1.0]", "indices"),
    (lambda: run(watch=[True] * 10), T, "watch", "True", "indices"),
    (lambda: run(watch=[1, [2]]), T, "watch", "[1, [2]]", "indices"),
    (lambda: run(spikes="yes"), T, "spikes", "'yes'", "indices"),
    (lambda: run(spikes=3), T, "spikes", "3", "indices"),
    (lambda: run(spikes=[12]), V, "spikes", "spikes[0] = 12", "from 0 to 9"),
    (lambda: run(spikes=None), T, "spikes", "None", "indices"),
    (lambda: run(exit_from="memory"), T, "exit_from", "'memory'", "Region"),
    (lambda: run(exit_from=fc.Region.potential_above(3)), V, "exit_from", "2.0", "inside at t = 0.0"),
    (lambda: run(exit_after=-1.0), V, "exit_after", "-1.0", ">= 0"),
    (lambda: run(exit_after="end"), T, "exit_after", "'end'", "time"),
    (lambda: run(exit_after=inf), V, "exit_after", "inf", "finite"),
    (lambda: run(max_spikes=0), V, "max_spikes", "0", "from 1 to"),
    (lambda: run(max_spikes=1e6), T, "max_spikes", "1000000.0", "integer"),
    (lambda: run(max_spikes=2**64), V, "max_spikes", "18446744073709551616", "to 18446744073709551615"),
    (lambda: run(progress="bar"), T, "progress", "'bar'", "bool or a function"),
    (lambda: run(progress=None), T, "progress", "None", "bool or a function"),
    (lambda: run(on_interrupt="ignore"), V, "on_interrupt", "'ignore'", "'raise' or 'return'"),
    (lambda: run(on_interrupt=None), T, "on_interrupt", "None", "'raise' or 'return'"),
    # Regions and results
    (lambda: fc.Region.potential_above(nan), V, "x", "nan", "finite"),
    (lambda: fc.Region.potential_above("0.7"), T, "x", "'0.7'", "number"),
    (lambda: fc.Region.calcium_above(inf), V, "x", "inf", "finite"),
    (lambda: fc.Region.box(potential=(2.0, 1.0)), V, "potential", "(2.0, 1.0)", "low <= high"),
    (lambda: fc.Region.box(potential=3.0), T, "potential", "3.0", "(low, high)"),
    (lambda: fc.Region.box(calcium=(0.0, 1.0, 2.0)), V, "calcium", "(0.0, 1.0, 2.0)", "(low, high)"),
    (lambda: fc.Region.box(calcium=(0.0, nan)), V, "calcium", "(0.0, nan)", "low <= high"),
    (lambda: fc.Region.box(calcium=("0", 1)), T, "calcium", "'0'", "(low, high)"),
    (lambda: fc.Region(curves=[([1.0, 0.0], [1.0, 0.0])]), V, "potential", "0.0", "increasing"),
    (lambda: fc.Region(curves=[([0.0, 1.0], [1.0])]), V, "calcium", "1", "as potential"),
    (lambda: fc.Region.half_plane(above=1.0), V, "calcium", "0.0", "different from 0"),
    (lambda: fc.Region.half_plane(potential=np.nan, above=1.0), V, "potential", "nan", "finite"),
    (lambda: fc.Region.half_plane(potential=1.0, above="1"), T, "above", "'1'", "a number"),
    (lambda: fc.Region(half_planes=3), T, "half_planes", "3", "three numbers"),
    (lambda: fc.Region(half_planes=[(1.0, 2.0)]), T, "half_planes", "(1.0, 2.0)", "three numbers"),
    (lambda: fc.Region(ceilings=[3]), T, "ceilings", "3", "pairs"),
    (lambda: fc.Region(curves=3), T, "curves", "3", "pairs"),
    (lambda: fc.Region(curves=[3]), T, "curves", "3", "pairs"),
    (lambda: fc.Region.potential_above(1).contains("a", 1), T, "potential", "'a'", "numbers"),
    (lambda: fc.Region.potential_above(1).contains([1, 2], [1, 2, 3]), V, "calcium", "[1, 2, 3]", "shape"),
    (lambda: run().spikes.of(10), V, "i", "10", "to 9"),
    (lambda: run().spikes.of(1.5), T, "i", "1.5", "integer"),
    (lambda: run().rate(0.0), V, "width", "0.0", "duration"),
    (lambda: run().rate(5.1), V, "width", "5.1", "5.0"),
    (lambda: run().rate(nan), V, "width", "nan", "number"),
    (lambda: run().rate("1"), T, "width", "'1'", "number"),
    (lambda: run(spikes=False).rate(1.0), V, "spikes", "spikes=False", "spikes=True"),
    (lambda: run().save(3), T, "path", "3", "path"),
    (lambda: fc.load(None), T, "path", "None", "path"),
    (lambda: fc.load(__file__), V, "path", "test_errors.py", "facilis wrote"),
]


@pytest.mark.parametrize(("call", "error", "name", "given", "allowed"), ROWS, ids=range(len(ROWS)))
def test_bad_input_is_refused(call, error, name, given, allowed):
    with pytest.raises(error) as caught:
        call()
    message = str(caught.value)
    assert type(caught.value) is error
    assert message.startswith(name), message
    assert given in message, message
    assert allowed in message, message


def test_good_input_is_not():
    model()
    run()
    advance(4.0)


@pytest.mark.skipif(sys.platform != "linux", reason="limits its own memory by Linux's means")
@pytest.mark.parametrize(
    ("n", "options", "name"),
    [
        (2**32 - 1, "", "n"),
        (10**5, "snapshots=np.linspace(0, 1, 10**5)", "snapshots"),
        (10**5, "watch=range(10**5), grid=10**5", "watch"),
    ],
)
def test_what_does_not_fit_in_memory_is_refused(n, options, name):
    code = f"""
import resource
import numpy as np, facilis as fc
resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32))
fc.simulate(fc.Model.example("memory"), {n}, 1.0, {options})
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert f"MemoryError: {name} must be small enough for the memory" in done.stderr
