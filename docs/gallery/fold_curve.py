"""Where two states are stable: beside a line of folds, and between two that meet in a cusp."""

import matplotlib.pyplot as plt

import facilis as fc

model = fc.Model.example("memory")
figure, axes = plt.subplots(1, 2, figsize=(9.0, 3.8), layout="constrained")
fc.plot.fold_curve(fc.fold_curve(model, "alpha", "lam"), axes[0])
fc.plot.fold_curve(fc.fold_curve(model, "alpha", "current", 0.0, 1.0), axes[1])
