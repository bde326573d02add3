"""A run with a checkpoint: cut anywhere, it ends with the same bits, and it takes no file of another call."""

import numpy as np
import pytest

import facilis as fc
from facilis import _core, archive
from facilis.simulation import checkpoint as room

MODEL = fc.Model.example("memory")
REGION = fc.Region.potential_above(0.7)
START = {"potential": 2.0, "calcium": 9.0, "rng": 1}
PULSES = [fc.Pulse(5.0, 15.0, 3.0), fc.Pulse(40.0, 41.0, 1.0)]
CASES = {
    "everything": (300, 100.0, {"watch": [7, 0], "snapshots": [0.0, 20.0, 99.0], "stimulus": PULSES}),
    "chosen spikes": (300, 100.0, {"spikes": [3, 4, 5]}),
    "no record": (300, 100.0, {"spikes": False, "grid": None}),
    "exit": (50, 1e4, {"exit_from": REGION}),
    "exit after a pulse": (50, 1e4, {"exit_from": REGION, "stimulus": PULSES, "potential": 0.0}),
    "extinct": (20, 2000.0, {}),
    "extinct for ever": (20, np.inf, {"grid": None}),
    "unequal": (100, 100.0, {"potential": np.linspace(0.0, 4.0, 100), "calcium": np.linspace(9.0, 1.0, 100)}),
}


def simulate(case, **options):
    n, end, own = CASES[case]
    return fc.simulate(MODEL, n, end, **{**START, **own, **options})


def parts(run):
    """All that must be the same to the last bit."""
    return {
        **{name: values for name, (_, values) in run._arrays().items()},
        "others": repr(
            [run.stop, run.exit_time, run.t_stop, run.stats.spikes, run.stats.proposals, run.entropy]
        ),
    }


def assert_same(one, other):
    one, other = parts(one), parts(other)
    assert one.keys() == other.keys()
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)


class Crash(BaseException):
    """Ends a run as nothing that a run expects would."""


def crash_after(calls):
    """Return a `progress` that ends the run at its so-manieth call."""
    left = iter(range(calls))

    def look(fraction):
        if next(left, None) is None:
            raise Crash

    return look


@pytest.fixture
def fine(monkeypatch):
    """Look, and write, after a few candidates instead of seconds."""

    def advance(self, recording):
        with self._turn:
            return recording.advance(self._core, self.n // 2)

    monkeypatch.setattr(fc.Simulation, "_advance_for_a_while", advance)
    monkeypatch.setattr(room, "_SHARE", 1)


@pytest.mark.usefixtures("fine")
@pytest.mark.parametrize("case", CASES)
def test_a_run_that_crashes_again_and_again_ends_with_the_same_bits(case, tmp_path):
    path, crashes = tmp_path / "run", 0
    while True:
        try:
            run = simulate(case, checkpoint=path, every=1e-9, progress=crash_after(3))
            break
        except Crash:
            crashes += 1
    assert crashes > 5
    assert_same(run, simulate(case))


@pytest.mark.usefixtures("fine")
@pytest.mark.parametrize("case", CASES)
def test_a_run_that_has_ended_is_read(case, tmp_path, monkeypatch):
    run = simulate(case, checkpoint=tmp_path / "run")
    monkeypatch.setattr(fc.Simulation, "_advance_for_a_while", None)  # nothing is left to simulate
    again = simulate(case, checkpoint=tmp_path / "run")
    assert_same(again, run)
    seconds = archive.read(tmp_path / "run", "Checkpoint", room._STATE, "")["seconds"]
    assert again.stats.seconds >= seconds > 0.0


@pytest.mark.usefixtures("fine")
@pytest.mark.filterwarnings("ignore:stopped at:RuntimeWarning")
def test_a_bound_of_spikes_counts_those_before_the_crash(tmp_path):
    options = {"checkpoint": tmp_path / "run", "every": 1e-9, "max_spikes": 1234}
    with pytest.raises(Crash):
        simulate("everything", progress=crash_after(2), **options)
    run = simulate("everything", **options)
    assert (run.stop, len(run.spikes)) == ("max_spikes", 1234)
    assert_same(run, simulate("everything", max_spikes=1234))


@pytest.mark.usefixtures("fine")
@pytest.mark.parametrize("how", ["raise", "return"])
def test_ctrl_c_loses_nothing(how, tmp_path):
    def strike(fraction):
        if fraction > 0.3:
            raise KeyboardInterrupt

    options = {"checkpoint": tmp_path / "run", "every": 1e9}
    if how == "raise":
        with pytest.raises(KeyboardInterrupt):
            simulate("everything", progress=strike, **options)
    else:
        cut = simulate("everything", progress=strike, on_interrupt="return", **options)
        assert cut.stop == "interrupted"
    looks = []
    assert_same(simulate("everything", progress=looks.append, **options), simulate("everything"))
    assert looks[0] > 0.3


def test_without_a_seed_that_of_the_file_goes_on(tmp_path):
    run = simulate("extinct", rng=None, checkpoint=tmp_path / "run")
    again = simulate("extinct", rng=None, checkpoint=tmp_path / "run")
    assert_same(again, run)
    assert_same(simulate("extinct", rng=run.entropy), run)


def test_what_changes_no_number_may_change(tmp_path):
    run = simulate("everything", checkpoint=tmp_path / "run")
    again = simulate("everything", checkpoint=tmp_path / "run", final=False, every=1.0, progress=lambda _: 0)
    assert again.final is None
    np.testing.assert_array_equal(again.spikes.time, run.spikes.time)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"rng": 2}, "entropy=1 instead of entropy=2"),
        ({"potential": 3.0}, r"potential=2\.0 instead of potential=3\.0"),
        ({"calcium": np.full(300, 9.0)}, r"calcium=9\.0 instead of calcium='300 numbers"),
        ({"grid": 1001}, "times='1000 numbers.* instead of times='1001 numbers"),
        ({"watch": [7, 1]}, "watch='2 numbers"),
        ({"snapshots": [0.0]}, "snapshots='3 numbers"),
        ({"spikes": False}, "max_spikes=10000000, spikes=True instead of max_spikes=None, spikes=False"),
        ({"max_spikes": 5}, "max_spikes=10000000 instead of max_spikes=5"),
        ({"stimulus": ()}, "stimulus="),
        ({"exit_from": REGION}, "region=None instead of region=Region"),
        ({"exit_after": 3.0}, r"exit_after=41\.0 instead of exit_after=3\.0"),
    ],
)
def test_the_file_of_another_call_is_refused_by_name(change, named, tmp_path):
    simulate("everything", checkpoint=tmp_path / "run")
    with pytest.raises(ValueError, match=rf"^checkpoint must be .*run with .*{named}"):
        simulate("everything", checkpoint=tmp_path / "run", **change)


def test_the_file_of_another_model_is_refused_by_name(tmp_path):
    fc.simulate(MODEL, 10, 1.0, rng=1, checkpoint=tmp_path / "run")
    with pytest.raises(ValueError, match=r"model=Model\(alpha=0.22.* instead of model=Model\(alpha=0.3"):
        fc.simulate(MODEL.replace(alpha=0.3), 10, 1.0, rng=1, checkpoint=tmp_path / "run")


@pytest.mark.parametrize("how", ["foreign", "result", "flipped", "cut", "folder", "poor"])
def test_what_is_no_checkpoint_is_refused_by_name(how, tmp_path):
    path = tmp_path / "run"
    if how == "foreign":
        path.write_bytes(b"nothing of ours")
    elif how == "folder":
        path.mkdir()
    else:
        run = simulate("everything", checkpoint=path)
        written = path.read_bytes()
        if how == "result":
            run.save(path)
        elif how == "flipped":
            path.write_bytes(written[:999] + bytes([written[999] ^ 4]) + written[1000:])
        elif how == "cut":
            path.write_bytes(written[:-1])
        else:
            state = archive.read(path, "Checkpoint", room._STATE, "")
            state["recording"]["calcium"] = state["recording"]["calcium"][:-1]
            archive.write(path, "Checkpoint", state)
    with pytest.raises(ValueError, match=r"^checkpoint must be .*run"):
        simulate("everything", checkpoint=path)


@pytest.mark.parametrize(
    ("options", "error", "named"),
    [
        ({"checkpoint": 3}, TypeError, "checkpoint must be a path, got 3"),
        (
            {"checkpoint": "x", "every": 0.0},
            ValueError,
            r"every must be a finite number of seconds > 0, got 0\.0",
        ),
        ({"checkpoint": "x", "every": np.nan}, ValueError, "every must be"),
        ({"checkpoint": "x", "every": "y"}, TypeError, "every must be"),
        ({"final": 1}, TypeError, "final must be True or False, got 1"),
    ],
)
def test_bad_options_are_named(options, error, named):
    with pytest.raises(error, match=f"^{named}"):
        simulate("everything", **options)


def test_writing_takes_a_tenth_of_the_time_at_most(monkeypatch, tmp_path):
    keeper = room.Checkpoint(tmp_path / "run", 1e-9)
    now = [0.0]
    monkeypatch.setattr(room, "perf_counter", lambda: now[0])

    def slow(*_):
        now[0] += 3.0

    monkeypatch.setattr(archive, "write", slow)
    network = fc.Simulation(MODEL, 5, rng=1)._core
    empty = np.empty(0)
    recording = _core.Recording(network, 1.0, empty, empty, np.empty(0, np.uint32), False, None, 0.0, None)
    keeper.write(network, recording, None)
    now[0] += 26.9
    assert not keeper.is_due()
    now[0] += 0.2
    assert keeper.is_due()
