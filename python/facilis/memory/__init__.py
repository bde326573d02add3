"""How long networks remember: memory times, their statistics, and how they grow with the network."""
