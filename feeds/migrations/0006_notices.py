import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0005_fetch_records'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sentence', models.TextField()),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='dealt with')),
            ],
        ),
        migrations.AddField(
            model_name='notice',
            name='feed',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='feeds.feed'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(models.F('at'), condition=models.Q(('done_at', None)), name='notice_open'),
        ),
    ]
