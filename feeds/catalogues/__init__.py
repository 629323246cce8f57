"""Sources in and out in bulk: what CSV and OPML files name, read, judged, loaded, written."""
