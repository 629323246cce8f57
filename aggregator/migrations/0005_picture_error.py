from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('aggregator', '0004_tombstones'),
    ]

    operations = [
        migrations.AddField(
            model_name='article',
            name='picture_error',
            field=models.TextField(blank=True),
        ),
    ]
