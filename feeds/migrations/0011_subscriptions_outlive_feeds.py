import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import feeds.models.websub

STATES = [
    ("wanted", "to be asked for"),
    ("asked", "asked for, not confirmed yet"),
    ("active", "active"),
    ("failed", "refused or broken; asked for again later"),
    ("leaving", "no longer wanted; being cancelled"),
]


class Migration(migrations.Migration):
    """A subscription stays after its feed has gone, until its hub is told."""

    dependencies = [("feeds", "0010_entries_done_with")]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="feed",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="subscription",
                to="feeds.feed",
            ),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="state",
            field=models.CharField(choices=STATES, default="wanted", max_length=10, verbose_name="state"),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="token",
            field=models.CharField(
                default=feeds.models.websub.new_token,
                help_text="The secret part of our address for the hub",
                max_length=64,
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="secret",
            field=models.CharField(
                default=feeds.models.websub.new_token,
                help_text="What the hub signs with; empty where it could be overheard",
                max_length=200,
            ),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="hub_url",
            field=models.CharField(max_length=2000, verbose_name="hub"),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="topic_url",
            field=models.CharField(max_length=2000, verbose_name="topic"),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="requests without a result"),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="next_try_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="next request to the hub"),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="expires_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="promised until"),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="last_error",
            field=models.TextField(blank=True, verbose_name="last error"),
        ),
    ]
