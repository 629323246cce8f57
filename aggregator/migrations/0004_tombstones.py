from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('aggregator', '0003_copies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('address', models.UUIDField(editable=False, help_text='A hash of the address, 16 bytes', primary_key=True, serialize=False)),
                ('left_at', models.DateTimeField()),
            ],
        ),
    ]
