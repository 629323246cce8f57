"""What parsing.py is made of: a reader for each format, and what they share. Pure."""
