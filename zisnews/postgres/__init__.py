"""Django's Postgres, asked in fewer steps (base.py)."""
