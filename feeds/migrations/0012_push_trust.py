from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0011_subscriptions_outlive_feeds'),
    ]

    operations = [
        migrations.AddField(
            model_name='feed',
            name='push_trusted_until',
            field=models.DateTimeField(blank=True, editable=False, help_text='While its hub has lately proven to tell us of news, it is asked more seldom', null=True),
        ),
    ]
