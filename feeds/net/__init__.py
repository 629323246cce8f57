"""What fetching.py stands on: which addresses may be asked, how one connects, what failures mean."""
