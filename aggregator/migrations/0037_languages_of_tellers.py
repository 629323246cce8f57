"""The languages a story is told in, from the index that says who told it when. Made while the site goes on."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("aggregator", "0036_indexes_nobody_asks"),
    ]

    operations = [
        # What a run that was interrupted left half made.
        migrations.RunSQL(
            [
                "DROP INDEX CONCURRENTLY IF EXISTS article_telling_of_story",
            ],
            migrations.RunSQL.noop,
        ),
        AddIndexConcurrently(
            model_name="article",
            index=models.Index(
                fields=["story", "published_at"],
                include=["id", "source", "language"],
                name="article_telling_of_story",
            ),
        ),
        RemoveIndexConcurrently(model_name="article", name="article_telling_story"),
    ]
