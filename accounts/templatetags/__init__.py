"""What a reader's own pages use."""
