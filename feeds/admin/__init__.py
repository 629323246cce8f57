"""What curators arrange and watch: sources, feeds, entries. Each page has a module; Django finds them here."""

from feeds.admin import entries, feeds, notices, publishers, shelves, sources, websub  # noqa: F401  registers them
