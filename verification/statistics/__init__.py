"""Statistics of samples and of spike trains, with p-values that hold arbitrarily far in the tail."""
