"""On which shelf an article stands: the database's side of categorising.py, which decides."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from aggregator import categorising
from aggregator.content import Content
from aggregator.models import Article, CategoryModel
from feeds.models import GENERAL, Entry

TRAINING_ARTICLES = 30_000
FEWEST_ARTICLES = 500  # fewer teach a classifier more of chance than of words
MODELS_KEPT = 7
LOOK_AGAIN_SECONDS = 600
TRAIN_EVERY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category and what told it: "feed", "tags", "text", or nothing for general. Fields of Article."""

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


def train_if_due(now: datetime) -> None:
    """Train once a day, however often this is called."""
    if not CategoryModel.objects.filter(trained_at__gt=now - TRAIN_EVERY).exists():
        train_categories(now)


def train_categories(now: datetime) -> CategoryModel | None:
    """Teach the classifier from our newest articles whose section was told; None where there are too few."""
    told = Article.objects.filter(category_how__in=["feed", "tags"]).newest_first()
    rows = [
        (f"{title}\n{description}", category)
        for title, description, category in told.values_list("title", "description", "category")[:TRAINING_ARTICLES]
    ]
    if len(rows) < FEWEST_ARTICLES:
        return None
    model = categorising.train(rows)
    accuracy = model.calibration[0][1] if model.calibration else None  # at the lowest margin: of all held out
    with transaction.atomic():
        stored = CategoryModel.objects.create(
            trained_at=now, article_count=len(rows), accuracy=accuracy, parameters=model.as_json()
        )
        newest = CategoryModel.objects.order_by("-trained_at").values("pk")[:MODELS_KEPT]
        CategoryModel.objects.exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()
    trained.look_again_at = 0.0
    return stored
