from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('aggregator', '0020_kept_ranking'),
    ]

    operations = [
        migrations.AddField(
            model_name='followedstory',
            name='told_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='followedstory',
            name='told_sources',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='followedstory',
            name='told_countries',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
