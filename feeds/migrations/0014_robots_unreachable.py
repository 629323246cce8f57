from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0013_mark_attempts'),
    ]

    operations = [
        migrations.AddField(
            model_name='host',
            name='crawl_delay_seconds',
            field=models.FloatField(blank=True, help_text='As its robots.txt asks', null=True),
        ),
        migrations.AddField(
            model_name='host',
            name='robots_asked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='host',
            name='robots_error',
            field=models.TextField(blank=True, help_text='Why it could not be read when we last asked'),
        ),
        migrations.AddField(
            model_name='host',
            name='robots_failing_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='host',
            name='robots',
            field=models.TextField(blank=True, help_text='The lines that concern us', verbose_name='robots.txt'),
        ),
        migrations.AlterField(
            model_name='host',
            name='robots_at',
            field=models.DateTimeField(blank=True, help_text='When it last told us what to keep to', null=True),
        ),
    ]
