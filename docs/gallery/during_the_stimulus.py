"""The phase plane during a stimulus, whose current leaves one equilibrium alone, on a dark ground."""

import matplotlib.pyplot as plt

import facilis as fc

model = fc.Model.example("memory")
run = fc.simulate(model, 100, 30.0, stimulus=fc.Pulse(10.0, 30.0, 3.0), rng=6)
with plt.style.context("dark_background"):
    fc.plot.phase_portrait(model, run, current=3.0)
