import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0002_hosts'),
    ]

    operations = [
        migrations.AddField(
            model_name='feed',
            name='asked_interval_seconds',
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='feed',
            name='hourly_counts',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), default=list, editable=False, size=None),
        ),
        migrations.AddField(
            model_name='feed',
            name='counted_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='feed',
            name='skip_days',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, editable=False, size=None),
        ),
        migrations.AddField(
            model_name='feed',
            name='skip_hours',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, editable=False, size=None),
        ),
    ]
