import feeds.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Host',
            fields=[
                ('name', models.CharField(db_collation='C', help_text='Host, with its port where that is unusual', max_length=261, primary_key=True, serialize=False)),
                ('held_until', models.DateTimeField(blank=True, null=True, verbose_name='on hold until')),
                ('hold_reason', models.TextField(blank=True, verbose_name='why it is on hold')),
                ('robots', models.TextField(blank=True, verbose_name='robots.txt')),
                ('robots_status', models.PositiveSmallIntegerField(blank=True, help_text='Empty: no answer came', null=True)),
                ('robots_at', models.DateTimeField(blank=True, null=True)),
                ('reservations', models.JSONField(blank=True, help_text='Its /.well-known/tdmrep.json', null=True)),
                ('reservations_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='entry',
            name='host',
            field=models.GeneratedField(db_persist=True, expression=feeds.models.HostOf('url'), output_field=models.CharField(db_collation='C', max_length=261)),
        ),
        migrations.AddField(
            model_name='feed',
            name='host',
            field=models.GeneratedField(db_persist=True, expression=feeds.models.HostOf('url'), output_field=models.CharField(db_collation='C', max_length=261)),
        ),
        migrations.AddIndex(
            model_name='feed',
            index=models.Index(models.F('host'), name='feed_of_host'),
        ),
        migrations.AddIndex(
            model_name='host',
            index=models.Index(models.F('held_until'), condition=models.Q(('held_until__isnull', False)), name='host_on_hold'),
        ),
    ]
