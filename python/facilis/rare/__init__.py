"""Rare events: how networks end memories that hardly ever end, and how likely that is."""
