"""What sanitising.py is made of: HTML read into a tree and written anew."""
