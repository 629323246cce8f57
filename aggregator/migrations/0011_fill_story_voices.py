from django.db import migrations

FILL = """
UPDATE aggregator_story SET voices = told.voices FROM (
    SELECT story_id, jsonb_object_agg(country_id, sources) AS voices FROM (
        SELECT story_id, country_id, count(DISTINCT source_id) AS sources
        FROM aggregator_article JOIN feeds_source ON feeds_source.id = source_id
        WHERE story_id IS NOT NULL GROUP BY story_id, country_id
    ) AS sides GROUP BY story_id
) AS told WHERE told.story_id = aggregator_story.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("aggregator", "0010_story_voices"),
    ]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
