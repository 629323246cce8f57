"""Of articles whose page forbids us to show all of their text, what was stored before goes, in small batches.

What search finds them by is made anew by its own pass, which finds that it is missing.
"""

from django.db import migrations
from django.db.models import Q

BATCH = 500


def forget_what_may_not_be_shown(apps, schema_editor):
    from feeds.keeping import kept_text

    Article = apps.get_model("aggregator", "Article")
    Entry = apps.get_model("feeds", "Entry")
    SearchDocument = apps.get_model("aggregator", "SearchDocument")
    limited = Article.objects.exclude(page_display="full_text").exclude(Q(html="") & Q(text=""))
    fields = ("pk", "entry_id", "text", "page_display", "max_snippet")
    last = 0
    while batch := list(limited.filter(pk__gt=last).order_by("pk").values_list(*fields)[:BATCH]):
        pks = [pk for pk, *_ in batch]
        kept = [
            Article(pk=pk, html="", sketch=[], word_count=0, copy_of=None,
                    text=kept_text(text, display=display, max_snippet=max_snippet))
            for pk, _, text, display, max_snippet in batch
        ]  # fmt: skip
        Article.objects.bulk_update(kept, ["html", "text", "sketch", "word_count", "copy_of"])
        SearchDocument.objects.filter(pk__in=pks).delete()
        Entry.objects.filter(pk__in=[entry for _, entry, *_ in batch if entry]).update(content_html="")
        last = pks[-1]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("aggregator", "0014_fewer_indexes"),
    ]

    operations = [
        migrations.RunPython(forget_what_may_not_be_shown, migrations.RunPython.noop),
    ]
