"""Which articles tell of one event, and which events follow each other. Touches neither network nor database.

terms → features (an article, weighed) → profiles (a story, as it is compared) → choosing, merging, splitting, chaining.
"""
