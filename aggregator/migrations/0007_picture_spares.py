from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("aggregator", "0006_health_indexes")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="picture_spares",
            field=models.JSONField(
                blank=True, default=list, editable=False, help_text="Pictures to try next: each url, caption and credit"
            ),
        ),
    ]
