"""Where moderators work: what waits, the rows behind it, and what was done."""

from comments.admin import lists

__all__ = ["lists"]
