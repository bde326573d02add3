"""Intervals between spikes, rates of neurons, and the rate in time, of one run."""

import matplotlib.pyplot as plt

import facilis as fc

model = fc.Model.example("memory")
run = fc.simulate(model, 100, 200.0, stimulus=fc.Pulse(10.0, 30.0, 3.0), rng=6)
figure, (left, middle, right) = plt.subplots(1, 3, figsize=(10.0, 3.0), layout="constrained")
fc.plot.isi_histogram(run, left)
fc.plot.rate_histogram(run, middle)
fc.plot.firing_rate(run, right, width=2.0)
