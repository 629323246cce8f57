from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feeds", "0012_push_trust")]

    operations = [
        migrations.AddField(
            model_name="source",
            name="mark_attempts",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, help_text="How often in a row looking for its icon failed"
            ),
        ),
    ]
