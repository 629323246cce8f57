"""The rooms of discovery.py: what may lead from an address to the feeds behind it. Pure; asks nobody."""
