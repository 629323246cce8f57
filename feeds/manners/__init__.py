"""How we behave at other people's servers: whom we ask, how often at once, what they forbid us."""
