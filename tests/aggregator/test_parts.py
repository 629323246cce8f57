"""Parts of the pages of an article and a source that each process keeps: every reader's own, and never of before."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import following
from accounts.models import User
from aggregator import saving
from aggregator.followed_stories import follow_story
from aggregator.models import Article, Headline, Story, Visit
from aggregator.templatetags import machines, parts
from comments import drawing, kept_threads
from comments.blocking import block
from comments.discussion import remove, restore
from comments.models import Comment
from comments.reactions import set_reaction
from comments.votes import set_vote
from feeds.models import Source
from tests.factories import make_article, make_comment, make_reader, make_story

pytestmark = pytest.mark.django_db
STAMPS = re.compile(r'value="(\w{64}|\d{10}[^"]*)"')


class KeptByNobody(dict):
    def __setitem__(self, key: object, value: object) -> None:
        pass


@pytest.fixture
def article() -> Article:
    told = [
        make_article(title=f"Told in {iso}", country=iso, minutes_ago=26 * 60, text="Text.") for iso in ("GB", "FR")
    ]
    make_story(told_by=tuple(told))
    for _number in range(3):
        make_comment(told[0], minutes_ago=25 * 60)
    return told[0]


def said_to(reader: User | None, address: str) -> str:
    """A page as this reader sees it, without what each form of it is stamped with."""
    client = Client()
    if reader:
        client.force_login(reader)
    response = client.get(address, headers={"cache-control": "no-cache"})
    assert response.status_code == 200
    return STAMPS.sub("", response.content.decode())


def save(reader: User, article: Article) -> None:
    saving.save(reader, article.pk, timezone.now())


def like(reader: User, article: Article) -> None:
    set_reaction(reader, article.pk, "like")


def follow_it(reader: User, article: Article) -> None:
    follow_story(reader, article.story, timezone.now())


def follow_source(reader: User, article: Article) -> None:
    following.follow(reader, article.source, timezone.now())


def read_another(reader: User, article: Article) -> None:
    now, other = timezone.now(), Article.objects.exclude(pk=article.pk).get(story=article.story_id)
    Visit.objects.create(user=reader, article=other, first_at=now, at=now)


def vote(reader: User, article: Article) -> None:
    set_vote(reader, Comment.objects.filter(article=article)[0].pk, "up")


def block_a_reader(reader: User, article: Article) -> None:
    block(reader, Comment.objects.filter(article=article)[0].author, now=timezone.now())


def comment(reader: User, article: Article) -> None:
    Comment.objects.filter(article=article).update(author=reader)


def choose(reader: User, _article: Article) -> None:
    User.objects.filter(pk=reader.pk).update(text_size="larger", time_zone="Asia/Yerevan", language="hy")


OWN = [save, like, follow_it, follow_source, read_another, vote, block_a_reader, comment, choose]


@pytest.mark.parametrize("do", OWN)
def test_what_one_reader_did_is_on_their_page_alone_and_at_once(do: Callable, article, monkeypatch):
    ann, bob = make_reader(), make_reader()
    addresses = [article.get_absolute_url(), reverse("source", args=[article.source.slug])]
    asked = [(reader, address) for address in addresses for reader in (ann, bob, None)]
    before = {one: said_to(*one) for one in asked}

    do(ann, article)
    kept = {one: said_to(*one) for one in [*asked, *asked]}
    for module in (parts, kept_threads, drawing):
        monkeypatch.setattr(module, "_kept", KeptByNobody())
    monkeypatch.setattr(machines, "_of_articles", KeptByNobody())

    assert kept == {one: said_to(*one) for one in asked}
    assert any(kept[ann, address] != before[ann, address] for address in addresses)


def retitle(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(title="It changed")


def rewrite(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(text="It changed")


def rename(article: Article) -> None:
    Source.objects.filter(pk=article.source_id).update(name="It changed")


def retell(article: Article) -> None:
    Article.objects.filter(story=article.story_id).exclude(pk=article.pk).update(title="It changed")


def come_from_elsewhere(article: Article) -> None:
    another = make_article(title="It changed", country="AM")
    Article.objects.filter(pk=another.pk).update(story=article.story_id)
    Story.objects.filter(articles=article).update(article_count=3, source_count=3, country_count=3)


def change_headline(article: Article) -> None:
    now = timezone.now()
    Headline.objects.create(article=article, title="It changed", seen_at=now, replaced_at=now)
    Article.objects.filter(pk=article.pk).update(updated_at=now)


def be_opened(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(view_count=1234, author="It changed")


@pytest.mark.parametrize("do", [retitle, rewrite, rename, retell, come_from_elsewhere, change_headline, be_opened])
def test_what_changed_is_on_the_page_of_an_article_at_once(do: Callable, article):
    readers = [make_reader(), None]
    for reader in readers:
        assert "It changed" not in said_to(reader, article.get_absolute_url())

    do(article)

    for reader in readers:
        page = said_to(reader, article.get_absolute_url()).partition("<main")[2]
        assert "It changed" in page
        assert ("1,234 views" in page) == (do is be_opened)


def states() -> Iterator[tuple[str, Callable[[Comment], object]]]:
    yield "Said aloud", lambda comment: Comment.objects.filter(pk=comment.pk).update(state="shown")
    yield "", lambda comment: Comment.objects.filter(pk=comment.pk).update(state="held")
    yield "", lambda comment: Comment.objects.filter(pk=comment.pk).update(state="removed")
    yield "Said aloud", lambda comment: Comment.objects.filter(pk=comment.pk).update(state="shown")
    yield "", lambda comment: remove(comment, timezone.now())
    yield "Said aloud", lambda comment: restore(comment, timezone.now())


def test_a_comment_is_there_for_others_as_long_as_it_is_shown(article):
    readers = [make_reader(), None]
    comment = make_comment(article, body="Said aloud", minutes_ago=25 * 60)
    for words, change in states():
        change(comment)
        for reader in readers:
            page = said_to(reader, article.get_absolute_url())
            assert ("Said aloud" in page) == bool(words)
            assert "by its author" not in page
