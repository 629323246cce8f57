"""An index that alone answers who told a story when. Made while the site goes on."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("aggregator", "0034_told_from_indexes"),
    ]

    operations = [
        # What a run that was interrupted left half made.
        migrations.RunSQL(
            [
                "DROP INDEX CONCURRENTLY IF EXISTS article_telling_story",
            ],
            migrations.RunSQL.noop,
        ),
        AddIndexConcurrently(
            model_name="article",
            index=models.Index(
                fields=["story", "published_at"], include=["id", "source"], name="article_telling_story"
            ),
        ),
        RemoveIndexConcurrently(model_name="article", name="article_of_story"),
    ]
