"""What went wrong, in words for the person at the terminal."""


class Trouble(Exception):
    """The command can not go on. The text says what happened and what to do; no traceback is shown for it."""
