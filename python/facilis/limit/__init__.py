"""The limit of infinitely many neurons: its solutions, equilibria, basins, bifurcations and fluctuations."""
