import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def fill_site_url(apps, schema_editor):
    """The hubs that were asked so far know us by the address that the site has now."""
    apps.get_model("feeds", "Subscription").objects.update(site_url=settings.SITE_URL)


class Migration(migrations.Migration):
    dependencies = [
        ("feeds", "0019_forget_validators"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="has_page",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="False: its address leads to a page that all items of its feed share",
            ),
        ),
        migrations.AddField(
            model_name="feed",
            name="moved_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="feed",
            name="shared_page",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=2000),
        ),
        migrations.AddField(
            model_name="subscription",
            name="denied_count",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="refusals in a row"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="site_url",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Our own address as the hub was told it",
                max_length=500,
            ),
        ),
        migrations.RunPython(fill_site_url, migrations.RunPython.noop),
        migrations.CreateModel(
            name="SeenPush",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body_hash", models.CharField(db_collation="C", max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "subscription",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seen",
                        to="feeds.subscription",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "seen pushes",
                "indexes": [models.Index(models.F("at"), name="push_seen_at")],
                "constraints": [models.UniqueConstraint(fields=("subscription", "body_hash"), name="push_seen_once")],
            },
        ),
    ]
