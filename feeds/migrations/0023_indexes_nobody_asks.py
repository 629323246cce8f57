"""Drops indexes that no query needs: beside each of these stands one that begins with the same column.

Django makes those that end in _like for LIKE 'begin%', which nothing asks of these columns; others are of unique ones.
"""

import django.db.models.deletion
from django.db import migrations, models

DOUBLED = (
    "feeds_category_slug_aded0263_like",
    "feeds_country_iso_fc2aed42_like",
    "feeds_source_slug_e0a2dda8_like",
    "feeds_source_category_id_4e35de6d_like",
    "feeds_source_country_id_7f40cb6e_like",
    "feeds_feed_url_88d326a4_like",
    "feeds_feed_category_id_62617adc_like",
    "feeds_host_name_25ded98f_like",
    "feeds_subscription_token_f3d7fb78_like",
)


class Migration(migrations.Migration):
    dependencies = [("feeds", "0022_profiles_and_requests")]

    operations = [
        migrations.AlterField(
            model_name="entry",
            name="feed",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="entries",
                to="feeds.feed",
            ),
        ),
        *(migrations.RunSQL(f"DROP INDEX IF EXISTS {name}", migrations.RunSQL.noop) for name in DOUBLED),
    ]
