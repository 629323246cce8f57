"""Celery's doors onto ingestion."""
