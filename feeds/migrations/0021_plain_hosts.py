from django.db import migrations

import feeds.models.feeds
import feeds.models.hosts
from feeds.net.addresses import with_plain_host

PLAIN = r"^https?://[a-z0-9_-]+(\.[a-z0-9_-]+)*([/?#]|$)"


def mend(apps, schema_editor):
    """Spell the hosts of feeds, and of pages that wait to be read, as the rows of hosts do."""
    Feed, Entry = apps.get_model("feeds", "Feed"), apps.get_model("feeds", "Entry")
    for pk, url in Feed.objects.exclude(url__regex=PLAIN).values_list("pk", "url"):
        plain = with_plain_host(url)
        if not Feed.objects.filter(url=plain).exclude(pk=pk).exists():
            Feed.objects.filter(pk=pk).update(url=plain)
    waiting = Entry.objects.filter(state="new").exclude(url="").exclude(url__regex=PLAIN)
    for pk, url in waiting.values_list("pk", "url"):
        if len(plain := with_plain_host(url)) <= 2000:
            Entry.objects.filter(pk=pk).update(url=plain)


class Migration(migrations.Migration):
    dependencies = [("feeds", "0020_shared_pages_and_hubs")]

    operations = [
        migrations.AlterField(
            model_name="feed",
            name="url",
            field=feeds.models.hosts.AddressField(
                max_length=2000,
                unique=True,
                validators=[feeds.models.feeds.validate_fetchable],
                verbose_name="address",
            ),
        ),
        migrations.RunPython(mend, migrations.RunPython.noop),
    ]
