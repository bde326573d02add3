"""One check, once: Python looks at kind and shape, the core at the value, and errors name what the caller gave."""

import pickle

import numpy as np
import pytest

import facilis as fc
from facilis import _core, archive, checks
from facilis.model.stimulus import Current
from facilis.replicates.experiment import design

MODEL = fc.Model.example("memory")
REGION = fc.Region.potential_above(0.7)
ALWAYS = MODEL.replace(rate=fc.Constant(1.0))
START = {"potential": 2.0, "calcium": 9.0, "rng": 1}


def start_at(n=10, until=5.0, potential=2.0, calcium=9.0, **options):
    options = {"stimulus": (), "grid": None, "exit_from": None, "exit_after": None, "rng": 1} | options
    return design(MODEL, n, until, potential=potential, calcium=calcium, **options)


@pytest.mark.parametrize(
    ("call", "begins"),
    [
        (lambda: fc.simulate(MODEL, 5, np.nan), "t_end must be a time >= 0.0, or inf, got nan"),
        (lambda: fc.simulate(MODEL, 5, "9"), "t_end must be a time >= 0.0, or inf, got '9'"),
        (
            lambda: fc.simulate(ALWAYS, 5, np.inf, grid=None, spikes=False),
            "t_end must be finite, or exit_from",
        ),
        (lambda: fc.Simulation(MODEL, 5).advance(-1.0), "until must be a time >= 0.0, or inf, got -1.0"),
        (
            lambda: fc.Simulation(ALWAYS, 5).advance(np.inf, grid=None, spikes=False),
            "until must be finite, or",
        ),
        (lambda: fc.ensemble(MODEL, 5, -1.0), "t_end must be a time >= 0.0, or inf, got -1.0"),
        (lambda: fc.ensemble(ALWAYS, 5, np.inf, grid=None), "t_end must be finite, or exit_from"),
        (lambda: fc.ensemble(MODEL, 5, 1.0, exit_from=3), "exit_from must be a Region or None, got 3"),
        (lambda: fc.ensemble(MODEL, 5, 1.0, exit_from=REGION), "exit_from must be a region with the network"),
        (lambda: fc.memory_times(MODEL, 5, "9", region=REGION), "t_max must be a time >= 0, or inf, got '9'"),
        (
            lambda: fc.memory_times(MODEL, 5, -1.0, region=REGION),
            "t_max must be a time >= 0.0, or inf, got -1.0",
        ),
        (lambda: fc.memory_times(MODEL, 5, 1.0, region=REGION), "region must be a region with the network"),
        (lambda: fc.couple(MODEL, 5, -1.0), "t_end must be a finite time >= 0, got -1.0"),
        (
            lambda: fc.couple(MODEL, 5, 1.0, grid=[0.5, 2.0]),
            "grid must be strictly increasing finite times from",
        ),
        (
            lambda: fc.solve_limit(MODEL, 1.0, grid=[0.5, 0.5]),
            "grid must be strictly increasing finite times",
        ),
    ],
)
def test_errors_name_the_argument_that_the_caller_gave(call, begins):
    with pytest.raises((TypeError, ValueError)) as caught:
        call()
    assert str(caught.value).startswith(begins)


def test_only_the_argument_that_leads_a_message_is_renamed():
    with pytest.raises(ValueError, match=r"^t_end must be > until$"), checks.naming(until="t_end"):
        raise ValueError("until must be > until")
    with pytest.raises(TypeError, match=r"^grid must be before until$"), checks.naming(until="t_end"):
        raise TypeError("grid must be before until")


class Secret:
    """Can't be shown, nor be an array, nor a path."""

    def __repr__(self):
        raise ZeroDivisionError

    __array__ = __fspath__ = __repr__


MASKED = np.ma.array([1.0, 2.0], mask=[True, False])


@pytest.mark.parametrize(
    ("call", "error", "begins"),
    [
        (lambda: fc.Constant(Secret()), TypeError, "value must be a number, got <"),
        (lambda: fc.Constant(np.timedelta64(3, "s")), TypeError, "value must be a number"),
        (lambda: fc.Constant(1.0)(Secret()), TypeError, "potential must be finite real numbers, got <"),
        (lambda: fc.Constant(1.0)([Secret()]), TypeError, "potential must be finite real numbers, got"),
        (lambda: fc.Constant(1.0)(np.longdouble("1e4000")), ValueError, "potential must be finite"),
        (lambda: fc.simulate(MODEL, 2, 1.0, potential=MASKED), ValueError, "potential must be finite"),
        (lambda: fc.simulate(MODEL, np.timedelta64(3, "s"), 1.0), TypeError, "n must be an integer"),
        (lambda: fc.simulate(MODEL, 2, 1.0, rng=Secret()), TypeError, "rng must be"),
        (
            lambda: fc.simulate(MODEL, 2, 1.0, snapshots=[1.0]).snapshots[1],
            ValueError,
            "k must be an integer from -1 to 0",
        ),
        (
            lambda: fc.simulate(MODEL, 2, 1.0, snapshots=[1.0]).snapshots["0"],
            TypeError,
            "k must be an integer",
        ),
        (lambda: fc.load("a\0b"), ValueError, "path must be a path, of characters that the system allows"),
        (lambda: fc.load(Secret()), TypeError, "path must be a path"),
        (lambda: fc.ensemble(MODEL, 2, 1.0, directory="a\0b"), ValueError, "directory must be a path, of"),
        (
            lambda: fc.sweep(len, over={"alpha": [1.0]}, model=MODEL, executor=3),
            TypeError,
            "executor must be",
        ),
        (
            lambda: REGION.contains(np.nan, 1.0),
            ValueError,
            "potential must be real numbers, none of them nan",
        ),
        (lambda: fc.Region.box(potential=np.array(1.0)), TypeError, "potential must be (low, high)"),
        (lambda: fc.Table.from_function(np.tanh, upper=5e-324), ValueError, "upper must be so large that"),
        (lambda: fc.pulse_threshold(MODEL, 1e16), ValueError, "duration must be so early that"),
        (lambda: MODEL.replace(lam=5e-324), ValueError, "lam must be a number > 0, from 1e-100"),
        (lambda: MODEL.replace(beta=9e-101), ValueError, "beta must be a number > 0, from 1e-100"),
        (lambda: MODEL.replace(transmits="\ud800"), ValueError, "transmits must be 'before' or 'after'"),
        (lambda: MODEL.replace(recipients="\ud800"), ValueError, "recipients must be 'others' or 'all'"),
        (
            lambda: fc.Table([0.0, 1.0], [0.0, 1.0], "\ud800"),
            ValueError,
            "interpolation must be 'linear' or 'monotone'",
        ),
        (lambda: fc.Table.from_function(np.tanh, upper=2e-308), ValueError, "upper must be so large that"),
        (
            lambda: fc.memory_scaling(MODEL, np.array(False), 1.0, region=REGION),
            TypeError,
            "sizes must be at least 3 different",
        ),
        (
            lambda: fc.mean_memory(MODEL.replace(alpha=1e100), 5, region=REGION),
            ValueError,
            "model must be one with equilibria up to 1e+100",
        ),
        (
            lambda: fc.quasi_stationary(MODEL.replace(alpha=0.3), 5, region=REGION, t_end=1e16),
            MemoryError,
            "t_end must be small enough for the memory",
        ),
        (lambda: MODEL.replace(alpha=5e-324), ValueError, "alpha must be 0, or a number from 1e-300"),
        (lambda: fc.Sigmoid(1.0, 1e300, 1.0), ValueError, "centre must be a number from -1e100 to 1e100"),
    ],
)
def test_strange_objects_and_extreme_numbers_are_refused_by_name(call, error, begins):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value).startswith(begins)


def test_a_masked_array_without_masked_entries_is_an_array():
    start = np.ma.array([1.0, 2.0], mask=False)
    state = fc.Simulation(MODEL, 2, potential=start).state()
    np.testing.assert_array_equal(state.potential, [1.0, 2.0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"potential": -1.0}, "potential must be finite and >= 0, at most 1e100, got -1.0"),
        ({"potential": [1.0] * 9 + [np.nan]}, "got potential[9] = nan"),
        ({"calcium": 1e101}, "calcium must be finite and >= 0, at most 1e100, got 1e101"),
        (
            {"grid": [3.0, 3.0]},
            "grid must be strictly increasing finite times from 0.0 to 5.0, got grid[1] = 3.0",
        ),
        ({"exit_after": np.inf}, "exit_after must be a finite time >= 0, got inf"),
        ({"exit_after": -1.0}, "exit_after must be a finite time >= 0, got -1.0"),
        ({"until": -1.0}, "until must be a time >= 0.0, or inf, got -1.0"),
    ],
)
def test_an_experiment_is_refused_before_it_begins(change, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        start_at(**change)
    assert message in str(caught.value)


def test_an_experiment_builds_no_network():
    # Its neurons alone would take 64 GiB.
    assert start_at(n=2**32 - 1, exit_from=REGION).means() == (2.0, 9.0)


def test_the_mean_of_equal_starts_is_exact():
    edge = fc.Region.potential_above(0.1)
    assert start_at(n=7, potential=[0.1] * 7, exit_from=edge).means()[0] == 0.1
    assert start_at(n=3, potential=[0.0, 0.1, 0.2]).means()[0] == pytest.approx(0.1, rel=1e-15)


def test_an_experiment_pickles_without_its_handle():
    made = start_at(stimulus=[fc.Pulse(0.0, 1.0, 2.0)])
    again = pickle.loads(pickle.dumps(made))
    assert again.current == made.current
    one, other = (e.run(0, 3, 1, _core.Control()) for e in (made, again))
    np.testing.assert_array_equal(one["spikes"], other["spikes"])


def test_a_current_ends_with_its_last_pulse():
    pulses = [fc.Pulse(4.0, 5.0, 1.0), fc.Pulse(0.0, 3.0, 1.0)]
    assert Current.of(pulses).end == 5.0
    assert Current.of(()).end == 0.0
    assert fc.Simulation(MODEL, 5, stimulus=pulses).stimulus == tuple(pulses)


def test_the_transmitted_calcium_comes_from_the_core():
    assert [MODEL.replace(transmits=kind)._offset for kind in ("before", "after")] == [0.0, 1.0]


def test_a_damaged_simulation_names_the_file(tmp_path):
    simulation = fc.Simulation(MODEL, 5, **START)
    state = simulation.__getstate__()
    whole = state["_core"]
    cut = {name: value for name, value in whole.items() if name != "edges"}
    for core in (cut, whole | {"stride": 0}, whole | {"frame": "here"}, whole | {"spikes": -1}):
        archive.write(tmp_path / "cut.npz", "Simulation", state | {"_core": core})
        with pytest.raises(ValueError, match=r"^path must be a file that Simulation\.save wrote, got"):
            fc.Simulation.load(tmp_path / "cut.npz")
