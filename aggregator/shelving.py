"""On which shelf an article stands: the database's side of categorising.py, which decides."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from aggregator import about, categorising
from aggregator.category_training import Example, learn, report_of
from aggregator.content import Content
from aggregator.models import Article, CategoryModel
from aggregator.search import documents
from feeds.models import GENERAL, Entry

CURATOR = "curator"
TRAINING_ARTICLES = 30_000
FEWEST_ARTICLES = 500  # fewer teach a classifier more of chance than of words
MODELS_KEPT = 7
LOOK_AGAIN_SECONDS = 600
TRAIN_EVERY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category and what told it: "feed", "tags", "text", "curator", or nothing for general. Fields of Article."""

    category_id: str
    category_how: str


def shelf_of(entry: Entry, content: Content) -> Shelf:
    """Choose the category of an article-to-be: the feed's section, else its tags, else its words."""
    judgement = categorising.category_of(
        section_of(entry), content.tags, content.title, content.description, trained.model()
    )
    return Shelf(judgement.category, judgement.how)


def section_of(entry: Entry) -> str:
    """The section an entry's feed carries, or that its whole source does; "" where it carries everything."""
    section = entry.feed.category_id or entry.feed.source.category_id or GENERAL
    return "" if section == GENERAL else section


class Trained:
    """The newest model as this process last saw it; looked for again every ten minutes."""

    def __init__(self) -> None:
        self.newest_pk: int | None = None
        self.newest: categorising.Model | None = None
        self.look_again_at = 0.0

    def model(self) -> categorising.Model | None:
        if time.monotonic() >= self.look_again_at:
            self.look_again_at = time.monotonic() + LOOK_AGAIN_SECONDS
            self.look()
        return self.newest

    def look(self) -> None:
        newest = CategoryModel.objects.order_by("-trained_at")
        pk = newest.values_list("pk", flat=True).first()
        if pk != self.newest_pk:
            stored = newest.first()
            self.newest = categorising.Model.from_json(stored.parameters) if stored else None
            self.newest_pk = pk


trained = Trained()


@transaction.atomic
def put_on_shelf(article: Article, category: str, now: datetime) -> None:
    """Let an article stand where a curator says: nothing moves it again, and the next training learns from it."""
    article.category_id, article.category_how = category, CURATOR
    article.save(update_fields=["category", "category_how"])
    documents.renew([article])
    about.renew([article], now)


def train_if_due(now: datetime) -> None:
    """Train once a day, however often this is called."""
    if not CategoryModel.objects.filter(trained_at__gt=now - TRAIN_EVERY).exists():
        train_categories(now)


def examples_told_by(how: list[str]) -> list[Example]:
    """The newest articles whose category was told in one of these ways. Those of one story are one group."""
    told = Article.objects.filter(category_how__in=how).newest_first()
    rows = told.values_list("title", "description", "category", "story")[:TRAINING_ARTICLES]
    return [Example(f"{title}\n{said}", category, str(story or "")) for title, said, category, story in rows]


def train_categories(now: datetime) -> CategoryModel | None:
    """Teach the classifier from our newest articles whose section was told, and all that curators moved.

    None where there are too few.
    """
    examples = [*examples_told_by(["feed", "tags"]), *examples_told_by([CURATOR])]
    if len(examples) < FEWEST_ARTICLES:
        return None
    learnt = learn(examples)
    with transaction.atomic():
        stored = CategoryModel.objects.create(
            trained_at=now,
            article_count=len(examples),
            accuracy=learnt.model.accuracy,
            parameters=learnt.model.as_json(),
            report=report_of(learnt, confident=categorising.CONFIDENT),
        )
        newest = CategoryModel.objects.order_by("-trained_at").values("pk")[:MODELS_KEPT]
        CategoryModel.objects.exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()
    trained.look_again_at = 0.0
    return stored
