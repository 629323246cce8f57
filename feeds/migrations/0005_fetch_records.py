import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0004_feed_moves'),
    ]

    operations = [
        migrations.CreateModel(
            name='FetchRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('is_push', models.BooleanField(default=False, help_text="The publisher's hub sent it by itself")),
                ('status', models.PositiveSmallIntegerField(help_text='Empty: no answer came', null=True)),
                ('size', models.PositiveIntegerField(default=0, help_text='Bytes of the document')),
                ('entries_new', models.PositiveIntegerField(default=0)),
                ('milliseconds', models.PositiveIntegerField(default=0)),
                ('error', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.AddField(
            model_name='fetchrecord',
            name='feed',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='records', to='feeds.feed'),
        ),
        migrations.AddIndex(
            model_name='fetchrecord',
            index=models.Index(fields=['feed', '-at'], name='record_of_feed'),
        ),
        migrations.AddIndex(
            model_name='fetchrecord',
            index=django.contrib.postgres.indexes.BrinIndex(models.F('at'), name='record_at'),
        ),
    ]
