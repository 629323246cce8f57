"""What we give out to other programs.

atom.py        plain values → an Atom document; pure
entries.py     articles and stories → the entries of such a document
announcing.py  tells our hub which of our feeds have something new
"""
