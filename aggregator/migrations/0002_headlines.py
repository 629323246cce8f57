import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('aggregator', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Headline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.TextField()),
                ('seen_at', models.DateTimeField(help_text='When we first saw it')),
                ('replaced_at', models.DateTimeField()),
                ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='earlier_headlines', to='aggregator.article')),
            ],
            options={
                'ordering': ['-replaced_at', '-pk'],
                'indexes': [models.Index(fields=['article', '-replaced_at'], name='headline_of_article')],
            },
        ),
    ]
