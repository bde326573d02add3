"""Where the branches of a diagram pass a value of its parameter."""

import numpy as np


def crossings(diagram, value):
    """Potentials (and stability) at which the diagram's branches pass a value of the parameter."""
    found = []
    for branch in diagram.branches:
        order = np.argsort(branch.value, kind="stable")
        if branch.value.min() <= value <= branch.value.max():
            found.append((np.interp(value, branch.value[order], branch.potential[order]), branch.stable))
    return sorted(found)
