"""One network: a run all at once or step by step, what it keeps, and when it stops."""
