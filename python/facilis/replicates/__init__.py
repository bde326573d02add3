"""Many independent networks: on threads or any executor, kept in chunks, each repeatable alone."""
