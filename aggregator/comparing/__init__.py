"""How countries tell one story, from its articles' own words: a module for each section of the story's page.

Plain dataclasses in, plain dataclasses out; neither database nor network. whole.compare() puts them together. Every
figure carries the sentences it was counted in; a section that would mean nothing is None or empty.
"""
