"""New rows by one statement are those that bulk_create would have stored."""

from datetime import UTC, datetime

import pytest

from aggregator.models import Article
from feeds.inserting import insert
from tests.factories import make_source

MOMENT = datetime(2026, 1, 14, 21, 29, 30, 123456, tzinfo=UTC)


@pytest.mark.django_db
def test_rows_are_stored_in_their_order_with_every_kind_of_value():
    source = make_source()

    def articles(address: str) -> list[Article]:
        return [
            Article(
                source=source,
                category_id="general",
                url=f"https://x.example/{address}/{number}",
                title='A "quoted" \\ title\n— “Київ” 北京',
                slug="x",
                tags=["a,b", 'c"d', "{e}", "null"],
                picture_spares=[{"url": "https://x.example/ü"}],
                sketch=[-(2**62), 5],
                tokens="'valparaiso':1A 'bob''s':2",
                max_snippet=None if number else 80,
                updated_at=MOMENT if number else None,
                published_at=MOMENT,
                seen_at=MOMENT,
                added_at=MOMENT,
            )
            for number in range(3)
        ]

    new, usual = articles("new"), articles("usual")
    insert(new)
    Article.objects.bulk_create(usual)
    fields = [field.attname for field in Article._meta.concrete_fields if field.attname not in {"id", "url"}]
    stored = list(Article.objects.filter(pk__in=[one.pk for one in new]).order_by("pk").values(*fields))
    assert stored == list(Article.objects.filter(pk__in=[one.pk for one in usual]).order_by("pk").values(*fields))
    assert [Article.objects.get(pk=one.pk).url for one in new] == [one.url for one in new]
    assert not new[0]._state.adding
    insert([])
