"""The weakest pulse that leaves a memory, against its duration."""

import matplotlib.pyplot as plt
import numpy as np

import facilis as fc

model = fc.Model.example("bistable")
durations = np.linspace(5.0, 40.0, 30)
currents = [fc.pulse_threshold(model, duration) for duration in durations]
plt.semilogy(durations, currents)
plt.xlabel("duration of the pulse")
plt.ylabel("smallest current that is remembered")
