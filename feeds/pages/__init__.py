"""What extraction.py is made of: the body of a page, its metadata, its wishes. Pure; loaded in the sandbox only."""
