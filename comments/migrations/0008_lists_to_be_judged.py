"""Indexes in the order in which moderators go through what waits and what is flagged. Made while the site goes on."""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

WAITING = models.Q(("state__in", ["held", "hidden"]))
FLAGGED = models.Q(("flag_count__gt", 0), ("state", "shown"))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("aggregator", "0036_indexes_nobody_asks"),
        ("comments", "0007_purges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # What a run that was interrupted left half made.
        migrations.RunSQL(
            [
                "DROP INDEX CONCURRENTLY IF EXISTS comment_waiting",
                "DROP INDEX CONCURRENTLY IF EXISTS comment_with_flags",
            ],
            migrations.RunSQL.noop,
        ),
        AddIndexConcurrently("comment", models.Index(fields=["id"], condition=WAITING, name="comment_waiting")),
        AddIndexConcurrently("comment", models.Index(fields=["id"], condition=FLAGGED, name="comment_with_flags")),
        RemoveIndexConcurrently("comment", "comment_to_moderate"),
        RemoveIndexConcurrently("comment", "comment_flagged"),
    ]
