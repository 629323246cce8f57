from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0015_recent_count'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='fetchrecord',
            name='record_at',
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(models.F('state'), models.F('seen_at'), condition=models.Q(('read_error', ''), _negated=True), name='entry_unreadable'),
        ),
        migrations.AddIndex(
            model_name='fetchrecord',
            index=models.Index(models.F('at'), name='record_at'),
        ),
    ]
