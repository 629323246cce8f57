"""What the style guide shows: articles that were never stored, one for each way an article can look in a list."""

from datetime import datetime, timedelta

from aggregator.models import Article, Story
from feeds.models import Category, Country, Source

LONG_TITLE = (
    "A very long headline that goes on over several lines, as some agencies write them, with a name that can not be "
    "broken: Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
)
DESCRIPTION = (
    "Paris and Rome argue for a direct channel; London says it has seen no evidence that anybody wants peace. The "
    "ministers meet again on Thursday, and nobody expects a decision before the spring."
)


def sample_articles(now: datetime) -> dict[str, Article]:
    """Articles by what is odd about them; none has a picture, as none is stored."""
    story = Story(pk=1, title="Envoy", slug="envoy", article_count=12, source_count=9, country_count=4)
    return {
        "plain": _article(1, "GB", "Ministers weigh a special envoy for talks", now - timedelta(minutes=5)),
        "of a story": _article(2, "FR", "Paris et Rome plaident pour un canal direct", now, language="fr", story=story),
        "changed": _article(
            3, "DE", "Rat vertagt Entscheidung", now - timedelta(hours=9), language="de", updated_at=now
        ),
        "long": _article(
            4, "AT", LONG_TITLE, now - timedelta(days=3), source_name="The Paper with a Very Long Name " * 3
        ),
        "right to left": _article(
            5, "AE", "العواصم الأوروبية تدرس تعيين مبعوث خاص", now, language="ar", description=""
        ),
        "without words": _article(
            6, "JP", "欧州、対話に特使任命を検討", now - timedelta(days=30), language="ja", description=""
        ),
    }


def sample_category() -> Category:
    return Category(slug="politics", position=1)


def _article(
    pk: int,
    iso: str,
    title: str,
    published_at: datetime,
    *,
    language: str = "en",
    story: Story | None = None,
    description: str = DESCRIPTION,
    updated_at: datetime | None = None,
    source_name: str = "",
) -> Article:
    name = source_name or f"The {iso} Courier"
    source = Source(
        pk=pk, name=name.strip(), slug=f"courier-{iso.lower()}", country=Country(iso=iso), language=language
    )
    return Article(
        pk=pk, source=source, story=story, category=sample_category(), title=title, slug="sample", language=language,
        description=description, published_at=published_at, seen_at=published_at, added_at=published_at,
        updated_at=updated_at,
    )  # fmt: skip
