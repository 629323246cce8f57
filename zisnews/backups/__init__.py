"""One file that holds the whole site, database and pictures: made while the site runs, put back while it rests."""
