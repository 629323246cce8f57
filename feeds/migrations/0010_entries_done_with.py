from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0009_identity_and_gone'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(models.F('seen_at'), condition=models.Q(('state__in', ['published', 'refused'])), name='entry_done_with'),
        ),
    ]
