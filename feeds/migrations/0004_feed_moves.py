from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0003_feed_rhythm'),
    ]

    operations = [
        migrations.AddField(
            model_name='feed',
            name='gone_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='feed',
            name='gone_count',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='feed',
            name='moved_count',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='feed',
            name='moved_to',
            field=models.CharField(blank=True, editable=False, max_length=2000),
        ),
        migrations.AddField(
            model_name='feed',
            name='retired_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='When its publisher had said often enough that it is gone for good; it is paused since', null=True, verbose_name='taken down'),
        ),
        migrations.AddField(
            model_name='feed',
            name='suggested_url',
            field=models.CharField(blank=True, editable=False, max_length=2000, verbose_name='may have moved to'),
        ),
    ]
