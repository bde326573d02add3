"""The catalogue's cases as programs that write them, one family per file."""
