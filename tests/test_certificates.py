"""What is certain of stability without any integration, and the words for it."""

import numpy as np
import pytest
from test_equilibria import RATES, random_model

import facilis as fc

BISTABLE = fc.Model.example("bistable")


def test_certificates_say_what_they_can():
    sure = fc.certificates(BISTABLE)
    assert sure.no_hopf.holds
    assert sure.no_cycles.holds
    unsure = fc.certificates(BISTABLE.replace(rate=fc.Table([0.0, 1.0, 2.0], [0.0, 1.0, 0.5])))
    assert unsure.no_hopf.holds
    assert unsure.no_cycles.holds is None
    assert "corners" in str(unsure)
    assert "can't tell" in str(unsure)
    assert "det J" in str(sure)
    _, saddle, memory = fc.equilibria(BISTABLE)
    assert memory.determinant > 0.0 > memory.trace
    assert saddle.determinant < 0.0
    assert memory.reason.startswith("stable, as det J = 0.08913")
    assert saddle.reason.startswith("unstable")


@pytest.mark.parametrize("kind", RATES)
@pytest.mark.parametrize("transmits", ["before", "after"])
def test_the_trace_is_as_negative_as_the_certificate_says(kind, transmits):
    rng = np.random.default_rng(400 + RATES.index(kind))
    for _ in range(100):
        model, current = random_model(kind, rng)
        model = model.replace(transmits=transmits)
        for e in fc.equilibria(model, current):
            if e.determinant > 0.0:
                phi = model.rate(e.potential)
                part = 0.5 if transmits == "before" else phi / (2 * phi + model.lam)
                assert e.trace < -model.lam - model.beta * part + 1e-12
