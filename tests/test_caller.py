"""A wrong keyword is answered by the one that was meant, and nothing else of a call or its traceback changes."""

import inspect
import pickle
import traceback
import typing
import warnings

import matplotlib as mpl
import pytest

import facilis as fc
from facilis import caller

mpl.use("agg")

MODEL = fc.Model.example("memory")
REGION = fc.Region.potential_above(0.7)


def run():
    return fc.simulate(MODEL, 10, 5.0, rng=1)


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: fc.memory_times(MODEL, 20, 1e3, region=REGION, replicas=9), "memory_times() .*'replicates'"),
        (lambda: fc.exit_probability(MODEL, 20, 1e3, region=REGION, replicates=9), ".*'replicas'"),
        (lambda: fc.simulate(MODEL, 10, 5.0, seed=1), "simulate() .*'seed'.*'rng'"),
        (lambda: fc.ensemble(MODEL, 10, 5.0, n_jobs=1), ".*'workers'"),
        (lambda: fc.Simulation(MODEL, 10, seed=1), "Simulation() .*'rng'"),
        (lambda: fc.Model(alhpa=0.2, beta=1.0, lam=0.1, rate=MODEL.rate), "Model() .*'alpha'"),
        (lambda: fc.Pulse(start=1.0, end=2.0, current=3.0), "Pulse() .*'stop'"),
        (lambda: fc.Region.box(u=(0.0, 1.0)), "Region.box() .*'potential'"),
        (lambda: run().plot(limit=None, axes=3), ".*'axes'"),
        (lambda: MODEL.replace(alhpa=0.3), ".*'alpha'"),
    ],
)
def test_the_keyword_that_was_meant_is_named(call, hint):
    with pytest.raises((TypeError, AttributeError), match=hint.replace("()", r"\(\)")):
        call()


def test_where_none_is_alike_all_are_named():
    with pytest.raises(
        TypeError, match=r"Run\.rate\(\) got an unexpected keyword argument 'q'; it takes width"
    ):
        run().rate(q=1.0)
    with pytest.raises(TypeError, match=r"arguments 'seed' and 'qq'\. Did you mean 'rng'"):
        fc.simulate(MODEL, 10, 5.0, seed=1, qq=2)


def test_arguments_without_a_place_are_said_to_have_names():
    with pytest.raises(TypeError, match=r"were given. Others are given by name, as region="):
        fc.memory_times(MODEL, 20, 1e3, REGION, replicates=9)
    with pytest.raises(TypeError, match=r"missing 1 required positional argument: 't_end'$"):
        fc.simulate(MODEL, 20)


def test_sweeps_name_it_too():
    with pytest.raises(TypeError, match="Did you mean 'replicates'"):
        fc.sweep(fc.memory_times, over={"n": [10]}, model=MODEL, t_max=1e3, region=REGION, replicas=3)
    with pytest.raises(ValueError, match="Did you mean 'alpha'"):
        fc.sweep(fc.memory_times, over={"alhpa": [0.2]}, model=MODEL, n=10, t_max=1e3, region=REGION)


@pytest.mark.parametrize(
    "call",
    [
        lambda: fc.simulate(MODEL, 10, 5.0, seed=1),
        lambda: fc.simulate(MODEL, 10),
        lambda: fc.simulate(MODEL, 10, -5.0),
        lambda: fc.Pulse(start=1.0, end=2.0, current=3.0),
        lambda: run().spikes.of("one"),
    ],
)
def test_tracebacks_do_not_show_the_wrapper(call):
    with pytest.raises((TypeError, ValueError)) as caught:
        call()
    files = [frame.filename for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert caller.__file__ not in files
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_errors_within_keep_their_words():
    with pytest.raises(TypeError, match=r"got an unexpected keyword argument 'seed'$"):
        fc.Table.from_function(lambda u: (lambda: 1)(seed=u))


@pytest.mark.parametrize("name", [*fc.__all__, *(f"plot.{name}" for name in fc.plot.__all__)])
def test_public_names_pickle_and_keep_their_signatures(name):
    public = getattr(fc.plot, name[5:]) if name.startswith("plot.") else getattr(fc, name)
    if not callable(public):
        return
    assert pickle.loads(pickle.dumps(public)) is public
    if inspect.isfunction(public):
        assert inspect.signature(public) == inspect.signature(public.__wrapped__)
        assert public.__doc__ == public.__wrapped__.__doc__
        if name != "explore":  # its widget needs a library that need not be there
            assert typing.get_type_hints(public) == typing.get_type_hints(public.__wrapped__)


def test_words_of_others_stand_for_arguments_that_there_are():
    taken = set()
    for name in fc.__all__:
        public = getattr(fc, name)
        methods = [getattr(public, one) for one in dir(public) if not one.startswith("_")]
        for what in [public, *methods] if inspect.isclass(public) else [public]:
            if callable(what):
                taken |= set(inspect.signature(what).parameters)
    taken |= {"ax"}  # of pictures
    assert set(caller._OTHERS) <= taken


def test_warnings_point_to_the_caller():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fc.simulate(MODEL, 50, 200.0, potential=2.0, calcium=9.0, max_spikes=5, rng=1)
        fc.Simulation(MODEL, 50, potential=2.0, calcium=9.0, rng=1).advance(200.0, max_spikes=5)
        fc.Table.from_function(lambda u: (u > 1.234) * 1.0)
        fc.memory_times(MODEL, 20, 5.0, region=REGION, replicates=3, potential=2.0, calcium=9.0, rng=1).mean()
    assert len(caught) == 4
    assert {one.filename for one in caught} == {__file__}
