"""The same stimulus in larger and larger networks."""

import matplotlib.pyplot as plt

import facilis as fc

model, pulse = fc.Model.example("bistable"), fc.Pulse(5.0, 20.0, 2.0)
for n in (50, 500, 5000):
    run = fc.simulate(model, n, 80.0, stimulus=pulse, spikes=False, rng=1)
    plt.plot(run.t, run.potential, label=f"{n} neurons")
sol = fc.solve_limit(model, 80.0, stimulus=pulse)
plt.plot(sol.t, sol.potential, "k--", label="infinitely many")
plt.xlabel("time")
plt.ylabel("mean potential")
plt.legend()
