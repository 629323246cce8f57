"""Bulk synthetic data for measurements: what `./zis manage fill` writes.

sources.py invents who publishes, calendar.py when, events.py which articles tell of one event, articles.py what they
say, pictures.py what they show, readers.py who reads; copying.py writes rows, filling.py puts it all together.
"""
