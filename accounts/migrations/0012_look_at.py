import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_suspended_readers'),
    ]

    operations = [
        migrations.AddField(
            model_name='savedsearch',
            name='look_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddIndex(
            model_name='savedsearch',
            index=models.Index(condition=models.Q(('is_followed', True)), fields=['look_at'], name='search_to_look_at'),
        ),
    ]
