from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("aggregator", "0009_counts"),
        ("feeds", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="story",
            name="voices",
            field=models.JSONField(default=dict, help_text='Distinct sources by country: {"GB": 5, "FR": 2}'),
        ),
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                condition=models.Q(("merged_into", None), ("source_count__gte", 2)),
                fields=["newest_at"],
                include=("id", "category", "country_count", "source_count"),
                name="story_told_by_several",
            ),
        ),
    ]
