"""Evidence that the simulation is exact: cases, tests valid in the far tail, and their power."""
