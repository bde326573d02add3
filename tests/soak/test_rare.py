"""Long tests of probabilities by splitting: minutes, not seconds."""

from math import log

from tests.soak.rare import MODEL, REGION, START, error, standard_error

import facilis as fc


def test_the_probability_at_fifty(compare):
    found = fc.exit_probability(MODEL, 20, 50.0, region=REGION, replicas=2000, runs=40, rng=1, **START)
    known = {"plain simulation": (0.04866, 0.00048), "splitting": (0.04834, 0.00041)}
    for program, value in known.items():
        compare(f"P(T ≤ 50), 20 neurons, known by {program}", found.value, error(found.runs), *value)


def test_ten_replicas_are_unbiased(compare):
    found = fc.exit_probability(MODEL, 20, 50.0, region=REGION, replicas=10, runs=4000, rng=2, **START)
    for value in [(0.04866, 0.00048), (0.04795, 0.00046)]:
        compare("the same by 4000 runs of 10 replicas", found.value, error(found.runs), *value)
    ideal = -log(0.0486) / 10
    assert found.runs.var() / found.value**2 < 4 * ideal


def test_two_scores_find_the_same_probability_for_sixty_neurons(compare):
    found = fc.exit_probability(
        MODEL, 60, 50.0, region=REGION, replicas=2000, runs=20, rng=11, check=True, **START
    )
    other = found.check.value, standard_error(found.check)
    compare("P(T ≤ 50), 60 neurons, by two scores", found.value, error(found.runs), *other)
