"""A function of a model on a grid of parameters, as one xarray Dataset."""
