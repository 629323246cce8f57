from datetime import UTC, datetime, timedelta
from zlib import crc32

from django.db import migrations

FIRST_DAY, STRETCH = datetime(1970, 1, 1, tzinfo=UTC), timedelta(days=3)
AT_ONCE = 5_000


def list_terms(apps, schema_editor):
    """Let new articles find the stories of the last days, as they find those that come from now on."""
    since = datetime.now(UTC) - timedelta(days=7)
    with schema_editor.connection.cursor() as cursor:
        last = 0
        while True:
            cursor.execute(
                "SELECT id, first_at, newest_at, key_terms FROM aggregator_story"
                " WHERE id > %s AND newest_at >= %s AND merged_into_id IS NULL ORDER BY id LIMIT %s",
                [last, since, AT_ONCE],
            )
            stories = cursor.fetchall()
            if not stories:
                return
            last = stories[-1][0]
            rows = sorted({
                (stretch, crc32(term.encode()) - 2**31, story)
                for story, first_at, newest_at, terms in stories
                for stretch in range((max(first_at, since) - FIRST_DAY) // STRETCH, (newest_at - FIRST_DAY) // STRETCH + 1)
                for term in terms
            })
            if rows:
                cursor.execute(
                    "INSERT INTO aggregator_storyterm (stretch, term, story_id)"
                    " SELECT * FROM unnest(%s::int2[], %s::int4[], %s::int8[]) ON CONFLICT DO NOTHING",
                    [*map(list, zip(*rows))],
                )


class Migration(migrations.Migration):
    dependencies = [
        ("aggregator", "0029_arranging_stories"),
    ]

    operations = [
        migrations.RunPython(list_terms, migrations.RunPython.noop),
    ]
