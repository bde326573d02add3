"""Short runs that keep what a test wants to export, or to find again in a file."""

import facilis as fc

MODEL = fc.Model.example("bistable")


def make(model=MODEL, **options):
    options = {"potential": 2.0, "calcium": 9.0, "grid": 11, "rng": 1, **options}
    return fc.simulate(model, 20, 5.0, **options)
