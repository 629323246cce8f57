"""Indexes that alone answer what a source tells widest, and of which stories the articles are that a search found.

Made while the site goes on: nobody who reads or writes waits for them.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("aggregator", "0033_keep_who_is_silent"),
    ]

    operations = [
        # What a run that was interrupted left half made.
        migrations.RunSQL(
            [
                "DROP INDEX CONCURRENTLY IF EXISTS article_from_source",
                "DROP INDEX CONCURRENTLY IF EXISTS article_story_by_id",
                "DROP INDEX CONCURRENTLY IF EXISTS story_told_widely",
            ],
            migrations.RunSQL.noop,
        ),
        AddIndexConcurrently(
            model_name="article",
            index=models.Index(
                fields=["source", "published_at", "id"], include=["category", "story"], name="article_from_source"
            ),
        ),
        AddIndexConcurrently(
            model_name="article",
            index=models.Index(fields=["id"], include=["story"], name="article_story_by_id"),
        ),
        AddIndexConcurrently(
            model_name="story",
            index=models.Index(
                fields=["id"], name="story_told_widely", include=["country_count"], condition=Q(country_count__gte=2)
            ),
        ),
        RemoveIndexConcurrently(model_name="article", name="article_of_source"),
    ]
