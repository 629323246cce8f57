from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('aggregator', '0026_about'),
    ]

    operations = [
        migrations.AddField(
            model_name='categorymodel',
            name='report',
            field=models.JSONField(default=dict, help_text='How it did on articles held out, as categorising.Report spells it'),
        ),
    ]
