from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0014_robots_unreachable'),
    ]

    operations = [
        migrations.AddField(
            model_name='feed',
            name='recent_count',
            field=models.FloatField(default=0, editable=False),
        ),
    ]
