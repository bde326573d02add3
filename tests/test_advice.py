"""What memory_scaling advises where it does not decide, and its doubts about means."""

from dataclasses import replace

import numpy as np
import pytest

import facilis as fc
from facilis.memory.advice import _plans, advice
from facilis.memory.verdict import means, trend

TASK = {"region": fc.Region.potential_above(0.7), "potential": 2.0, "calcium": 9.0, "rng": 1}


def synthetic(law, sizes, replicates, rng, t_max=np.inf):
    """Memory times whose mean is a given function of the size."""
    blank = fc.memory_times(fc.Model.example("memory"), 5, 1.0, replicates=2, **TASK)
    made = []
    for n in sizes:
        time = law(n) * (0.1 + 0.9 * rng.exponential(size=replicates))
        some = np.zeros(replicates, bool)
        made.append(
            replace(blank, n=n, time=np.minimum(time, t_max), exited=time <= t_max, extinct=some, t_max=t_max)
        )
    return made


@pytest.mark.slow
@pytest.mark.parametrize(
    ("law", "right"),
    [
        (lambda n: 80.0 - 1500.0 / n, "ghost"),
        (lambda n: 30.0 * np.exp(0.004 * n), "escape"),
        (lambda n: 12.0 * np.exp(0.015 * n), "escape"),
    ],
    ids=["ghost", "slow escape", "escape"],
)
def test_who_follows_the_advice_gets_a_verdict(law, right):
    """From lists of small sizes that don't decide: in most cases after at most three rounds, and hardly ever wrong.

    Wrong in 5 % or less by the level of the rule: of 40 lists up to 5 is 2.2 standard errors.
    """
    rng, verdicts = np.random.default_rng(3), []
    for _ in range(40):
        sizes, replicates = [40, 60, 90], 100
        for _ in range(4):
            times = synthetic(law, sizes, replicates, rng)
            verdict = trend(times)["verdict"]
            if verdict != "undecided":
                break
            plans = list(_plans(times, *means(times)))
            if not plans:
                sizes = [*sizes, 2 * sizes[-1]]
                continue
            best = min(plans, key=lambda plan: plan.work)
            assert str(list(best.sizes)) in advice(times)
            sizes, replicates = list(best.sizes), best.replicates
        verdicts.append(verdict)
    assert sum(verdict == right for verdict in verdicts) >= 30
    assert sum(verdict not in (right, "undecided") for verdict in verdicts) <= 5


def test_a_plan_decides_for_the_curve_that_it_assumes():
    rng = np.random.default_rng(4)

    def law(n):
        return 30.0 * np.exp(0.004 * n)

    times = synthetic(law, [40, 60, 90], 100, rng)
    assert trend(times)["verdict"] == "undecided"
    told = advice(times)
    assert "replicates each" in told
    assert "times as many spikes" in told


def test_the_advice_names_a_longer_watch_where_memory_would_outlast_it():
    rng = np.random.default_rng(4)
    times = synthetic(lambda n: 30.0 * np.exp(0.004 * n), [40, 60, 90], 100, rng, t_max=120.0)
    assert "t_max >= " in advice(times)


def test_at_the_fold_nothing_decides():
    """Without noise T ~ N^{1/3} lies between the two verdicts whatever is added."""
    n = np.array([50.0, 100.0, 200.0, 400.0])
    times = synthetic(lambda n: 1.0, n.astype(int), 1000, np.random.default_rng(1))
    exact = 20.0 * np.cbrt(n)
    assert list(_plans(times, n, exact, np.full(4, 0.03))) == []


def test_too_few_exits_are_told_as_such():
    with pytest.warns(RuntimeWarning, match=r"not to be relied on for n = 20: \d of 20 networks"):
        scaling = fc.memory_scaling(
            fc.Model.example("memory").replace(alpha=0.3), [20, 30, 40], 10.0, replicates=20, **TASK
        )
    assert scaling.verdict == "undecided"
    assert "of 3 sizes had two exits or more" in scaling.explain()
    assert scaling.advice() == scaling.explain()
    assert list(scaling.doubts()) == [20, 30, 40]


def test_a_list_whose_times_are_no_exponential_says_so_where_the_mean_rests_on_it():
    """A pulse that some networks take, and some don't: two populations."""
    model, pulse = fc.Model.example("bistable"), fc.Pulse(0.0, 10.0, 1.2)
    task = {"region": TASK["region"], "stimulus": pulse, "replicates": 300, "rng": 1}
    with pytest.warns(RuntimeWarning, match="n = 30: the memory times refute the shifted exponential law"):
        scaling = fc.memory_scaling(model, [10, 20, 30], 60.0, **task)
    assert 30 in scaling.doubts()
    # Where all networks are seen to forget the mean is an arithmetic one, and nothing is to be warned of.
    scaling = fc.memory_scaling(model, [10, 15, 20], 1e6, **task)
    assert 20 in scaling.doubts()


def test_an_interrupt_before_anything_was_measured_is_told():
    def interrupt(_fraction):
        raise KeyboardInterrupt

    scaling = fc.memory_scaling(
        fc.Model.example("memory").replace(alpha=0.3),
        [3000, 4000, 5000],
        1e9,
        replicates=5,
        progress=interrupt,
        on_interrupt="return",
        workers=1,
        **TASK,
    )
    assert not scaling.times
    assert scaling.explain() == "No size was measured before the interrupt."


def test_a_verdict_needs_no_advice():
    scaling = fc.memory_scaling(
        fc.Model.example("memory").replace(alpha=0.3), [5, 10, 20], 1e4, replicates=400, **TASK
    )
    assert scaling.verdict == "escape"
    assert scaling.advice() is None
    assert "escape_action" in scaling.explain()
