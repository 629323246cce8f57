"""How large pictures of ours are, for pages that show them without loading what draws them."""

MARK_PIXELS = 96  # a side of a source's mark; twice what the largest place on a page shows
