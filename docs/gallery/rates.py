"""Spiking rates that the package knows."""

import matplotlib.pyplot as plt
import numpy as np

import facilis as fc

u = np.linspace(0.0, 4.0, 400)
for rate in (fc.Hill(1.0, 1.0, 4), fc.Sigmoid(1.0, 1.0, 0.2), fc.Ramp(0.5, 2.0, 1.0)):
    plt.plot(u, rate(u), label=str(rate))
plt.plot(u, fc.Table.from_function(lambda u: u * np.exp(1.0 - u), 4.0)(u), label="Table.from_function")
plt.xlabel("potential")
plt.ylabel("spikes per unit of time")
plt.ylim(top=1.6)
plt.legend(loc="upper left")
