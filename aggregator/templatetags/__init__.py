"""What templates can say beyond Django's own tags: places, moments, and the parts of an article."""
