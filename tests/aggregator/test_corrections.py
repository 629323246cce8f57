"""What curators correct in stories: for good, written down, and taken back; by pages that ask first."""

import itertools
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from aggregator import corrections, mending, merging_stories, splitting_stories
from aggregator.corrections import Decision
from aggregator.followed_lists import all_followed
from aggregator.followed_stories import follow_story, news_of, stories_followed_by
from aggregator.models import Article, FollowedStory, KeptApart, KeptTogether, Story, StoryChange
from aggregator.regrouping import CanNotChange, unite
from aggregator.search import documents
from aggregator.search.lexemes import words_of
from tests.aggregator.test_mending import HARBOUR, OPERA, tell
from tests.factories import make_curator, make_reader

pytestmark = pytest.mark.django_db


def decision(why: str = "It is one event.") -> Decision:
    return Decision(make_curator(), why, timezone.now())


def fresh(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


def make_searchable() -> None:
    documents.store(
        (article, words_of(article.title, article.description, article.text))
        for article in Article.objects.select_related("source")
    )


def articles_of(story: Story) -> set[int]:
    return set(story.articles.values_list("pk", flat=True))


def look() -> None:
    """All that the machine does by itself, as if everything had just come."""
    for pk in Story.objects.standing().values_list("pk", flat=True):
        merging_stories.merge_some([pk], None, timezone.now())
    for story in Story.objects.standing():
        splitting_stories.split_one(story, timezone.now())


def test_what_a_curator_merges_stays_merged_and_can_be_parted_again_for_good():
    harbour, opera = tell(HARBOUR, count=3), tell(OPERA, count=2)
    of_opera, reader = articles_of(opera), make_reader()
    FollowedStory.objects.create(user=reader, story=opera)

    change = corrections.merge(opera.pk, harbour.pk, decision())
    assert corrections.merge(opera.pk, harbour.pk, decision()) == change, "asked twice, done once"
    look()

    assert fresh(opera).merged_into == harbour
    assert fresh(harbour).article_count == 5
    assert (change.reason, change.by.is_staff, change.numbers["other_articles"]) == ("It is one event.", True, 2)

    corrections.undo(
        change.pk,
        decision("No, it is not."),
    )
    undone = corrections.undo(change.pk, decision("Again"))
    look()
    assert undone.undone_reason == "No, it is not."
    assert fresh(opera).merged_into is None
    assert articles_of(opera) == of_opera
    assert (fresh(opera).article_count, fresh(harbour).article_count) == (2, 3)
    assert FollowedStory.objects.get(user=reader).story == opera
    assert not KeptTogether.objects.exists()


def test_who_followed_both_of_two_merged_stories_follows_both_again_once_they_are_parted():
    harbour, opera, reader = tell(HARBOUR, count=3), tell(OPERA, count=2), make_reader()
    for story in (harbour, opera):
        follow_story(reader, story, timezone.now())

    change = corrections.merge(opera.pk, harbour.pk, decision())
    assert [row.story for row in stories_followed_by(reader)] == [harbour]
    assert [thing.title for thing in all_followed(reader)] == [harbour.title]

    corrections.undo(change.pk, decision("It is not."))
    assert {row.story for row in stories_followed_by(reader)} == {harbour, opera}


def test_who_follows_a_story_follows_what_is_split_off_it_and_one_again_if_that_is_taken_back():
    harbour, reader = tell(HARBOUR, count=4), make_reader()
    follow_story(reader, harbour, timezone.now())

    change = corrections.split_off(harbour.pk, sorted(articles_of(harbour))[:2], decision())
    rows = stories_followed_by(reader).select_related("story")
    assert {row.story_id for row in rows} == {harbour.pk, change.other_id}
    assert not any(news_of(row).has_any for row in rows)

    corrections.undo(change.pk, decision("It is one."))
    assert [row.story for row in stories_followed_by(reader)] == [harbour]


def test_a_merge_is_taken_back_after_the_story_that_took_it_in_was_merged_further():
    one, two, three = tell(HARBOUR, count=2), tell(HARBOUR), tell(HARBOUR)
    of_one = articles_of(one)
    change = corrections.merge(one.pk, two.pk, decision())
    further = corrections.merge(two.pk, three.pk, decision())
    corrections.undo(change.pk, decision())
    assert articles_of(fresh(one)) == of_one
    assert fresh(two).merged_into == three
    assert fresh(three).article_count == 2
    look()
    assert fresh(one).merged_into is None, "it is kept apart from what its host became, too"
    corrections.undo(further.pk, decision())
    assert (fresh(one).article_count, fresh(two).article_count, fresh(three).article_count) == (2, 1, 1)


def test_what_a_curator_splits_off_is_never_merged_again_until_it_is_taken_back():
    story = tell(HARBOUR, count=4)
    chosen = sorted(articles_of(story))[:2]
    change = corrections.split_off(story.pk, chosen, decision())
    assert corrections.split_off(story.pk, chosen, decision()) == change
    look()
    made = change.other
    assert (articles_of(made), fresh(made).merged_into) == (set(chosen), None)
    assert KeptApart.objects.count() == 1

    corrections.undo(change.pk, decision())
    look()
    assert fresh(made).merged_into == story
    assert fresh(story).article_count == 4
    assert not KeptApart.objects.exists()


def test_a_moved_article_stays_where_it_was_moved_and_goes_back():
    harbour, opera = tell(HARBOUR, count=2), tell(OPERA, count=4)
    moved = sorted(articles_of(harbour))[0]
    change = corrections.move(harbour.pk, [moved], opera.pk, decision())
    assert corrections.move(harbour.pk, [moved], opera.pk, decision()) == change
    look()
    assert Article.objects.get(pk=moved).story == opera
    assert (fresh(harbour).article_count, fresh(opera).article_count) == (1, 5)
    corrections.undo(change.pk, decision())
    assert Article.objects.get(pk=moved).story == harbour

    both = corrections.move(harbour.pk, articles_of(harbour), opera.pk, decision())
    assert fresh(harbour).merged_into == opera, "nothing is left of it but its address"
    corrections.undo(both.pk, decision())
    assert (fresh(harbour).merged_into, fresh(harbour).article_count) == (None, 2)


def test_a_pinned_headline_stays_and_goes_back():
    story = tell(HARBOUR, count=3)
    change = corrections.pin_headline(story.pk, "  Quake in   Valparaiso ", decision())
    pinned = fresh(story)
    assert (pinned.title, pinned.slug, pinned.is_title_pinned) == ("Quake in Valparaiso", "quake-in-valparaiso", True)
    corrections.split_off(story.pk, sorted(articles_of(story))[:1], decision())
    assert fresh(story).title == "Quake in Valparaiso"
    assert fresh(story).version > pinned.version > story.version
    corrections.undo(change.pk, decision())
    assert not fresh(story).is_title_pinned
    assert fresh(story).title.startswith("A tremor")


def test_what_can_not_be_done_is_said_and_changes_nothing():
    harbour, opera = tell(HARBOUR, count=2), tell(OPERA)
    for act in (
        lambda: corrections.merge(harbour.pk, harbour.pk, decision()),
        lambda: corrections.merge(harbour.pk, 10**9, decision()),
        lambda: corrections.split_off(harbour.pk, articles_of(harbour), decision()),
        lambda: corrections.split_off(harbour.pk, articles_of(opera), decision()),
        lambda: corrections.move(harbour.pk, articles_of(opera), opera.pk, decision()),
        lambda: corrections.pin_headline(harbour.pk, " ", decision()),
        lambda: corrections.undo(10**9, decision()),
    ):
        with pytest.raises(CanNotChange, match=r"\.$"):
            act()
    assert not StoryChange.objects.exists()
    change = corrections.merge(harbour.pk, opera.pk, decision())
    corrections.split_off(opera.pk, articles_of(opera) - set(change.articles), decision())
    with pytest.raises(CanNotChange):
        corrections.undo(change.pk, decision())


def test_a_merge_the_machine_made_is_taken_back_for_good():
    older, younger = tell(HARBOUR), tell(HARBOUR)
    look()
    assert fresh(younger).merged_into == older
    corrections.undo(StoryChange.objects.get().pk, decision("Two tremors."))
    look()
    assert fresh(younger).merged_into is None


@pytest.fixture
def curator(client):
    client.force_login(make_curator())
    return client


def page_of(story: Story) -> str:
    return reverse("admin:aggregator_story_change", args=[story.pk])


def decide(client, story: Story, **fields):
    return client.post(reverse("admin:aggregator_story_decide", args=[story.pk]), fields)


def test_a_curator_splits_moves_merges_and_pins_on_the_pages_each_asked_first(curator):
    harbour, opera = tell(HARBOUR, count=4), tell(OPERA, count=2)
    page = curator.get(page_of(harbour)).content.decode()
    assert page.count('type="checkbox" name="article"') == 4
    some = sorted(articles_of(harbour))[:2]

    asked = decide(curator, harbour, act="split", article=some).content.decode()
    assert "2 articles become a story of their own" in asked
    assert not StoryChange.objects.exists()
    hidden = re.findall(r'type="hidden" name="article" value="(\d+)"', asked)
    unsaid = decide(curator, harbour, act="split", article=hidden, confirmed="1")
    assert unsaid.status_code == 422
    assert "Say why" in unsaid.content.decode()
    done = curator.post(
        reverse("admin:aggregator_story_decide", args=[harbour.pk]),
        {"act": "split", "article": hidden, "confirmed": "1", "reason": "Another tremor"},
        follow=True,
    )
    change = StoryChange.objects.get()
    assert f'<a href="{reverse("admin:aggregator_storychange_change", args=[change.pk])}">' in done.content.decode()

    make_searchable()
    found = decide(curator, harbour, act="move", article=sorted(articles_of(harbour))[:1], target="soprano marwitz")
    assert f'name="target" value="{opera.pk}"' in found.content.decode()
    address = f"https://news.example{opera.get_absolute_url()}"
    decide(curator, harbour, act="merge", target=address, said=address, confirmed="1", reason="One evening")
    assert fresh(harbour).merged_into == opera
    decide(curator, opera, act="headline", title="Tosca and a tremor", confirmed="1", reason="Both")
    assert fresh(opera).title == "Tosca and a tremor"

    back = curator.post(
        reverse("admin:aggregator_storychange_undo", args=[change.pk]), {"reason": "Was one"}, follow=True
    ).content.decode()
    assert "It is taken back." in back
    assert "Was one" in curator.get(page_of(opera)).content.decode() + back


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"act": "split"}, "Tick the articles first"),
        ({"act": "merge"}, "Say which other story"),
        ({"act": "merge", "target": "nothing like that"}, "No other story was found"),
        ({"act": "merge", "target": "9" * 19}, "No other story was found"),
        ({"act": "headline", "title": " "}, "Write the headline"),
    ],
)
def test_what_is_missing_is_said_on_the_page(curator, fields, said):
    answer = decide(curator, tell(HARBOUR), **fields)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_form_that_asks_for_nothing_we_know_is_refused(curator):
    assert decide(curator, tell(HARBOUR), act="burn").status_code == 400


def test_only_staff_who_may_change_stories_do_and_no_form_of_another_site(client):
    story = tell(HARBOUR, count=2)
    onlooker = make_reader(is_staff=True)
    onlooker.user_permissions.add(*Permission.objects.filter(codename__in=["view_story", "view_storychange"]))
    for who, status in ((None, 302), (make_reader(), 302), (onlooker, 403)):
        client.logout()
        if who:
            client.force_login(who)
        assert decide(client, story, act="headline", title="Mine", confirmed="1", reason="x").status_code == status
    page = client.get(page_of(story))
    assert page.status_code == 200
    assert "checkbox" not in page.content.decode()
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(make_curator())
    assert decide(strict, story, act="headline", title="Mine", confirmed="1", reason="x").status_code == 403
    assert fresh(story).title == story.title


def test_stories_are_found_by_number_address_and_headline(curator):
    story, other = tell(HARBOUR), tell(OPERA)
    article = story.articles.get()
    make_searchable()
    for sought in (
        str(story.pk),
        story.get_absolute_url(),
        article.url,
        article.get_absolute_url(),
        "tremor valparaiso",
    ):
        page = curator.get(reverse("admin:aggregator_story_changelist"), {"q": sought}).content.decode()
        assert page_of(story) in page, sought
        assert page_of(other) not in page


def test_what_was_changed_is_listed_with_who_and_why(curator):
    change = corrections.merge(tell(HARBOUR).pk, tell(OPERA).pk, decision("Same evening"))
    listed = curator.get(reverse("admin:aggregator_storychange_changelist")).content.decode()
    assert "Same evening" in listed
    mending.merge_grown(timezone.now() + timedelta(minutes=20))
    assert curator.get(reverse("admin:aggregator_storypass_changelist")).status_code == 200
    page = curator.get(reverse("admin:aggregator_storychange_change", args=[change.pk])).content.decode()
    assert "Take it back" in page


def test_a_story_that_was_passed_on_a_dozen_times_leads_to_the_one_that_stands_and_into_no_ring():
    stories = [tell(HARBOUR) for _ in range(13)]
    for one, following in itertools.pairwise(stories):
        with transaction.atomic():
            unite(fresh(one), fresh(following), timezone.now())

    first, last = stories[0], stories[-1]
    assert fresh(first).that_stands() == last
    with pytest.raises(CanNotChange):
        corrections.merge(last.pk, first.pk, decision())
    assert fresh(last).merged_into is None


def test_no_odd_words_of_a_curator_are_a_fault_of_ours(client):
    story = tell(HARBOUR, count=3)
    client.force_login(make_curator())
    decide = reverse("admin:aggregator_story_decide", args=[story.pk])

    for named in ("\0", "9" * 5000, "http://[", "//[", "https://x.example/\0", "/story/٣/", "http://x:99999999/"):
        asked = client.post(decide, {"act": "merge", "target": named})
        assert (asked.status_code, fresh(story).merged_into) == (422, None), named
    odd = {"act": "headline", "title": "A\0 headline", "reason": "So\0", "confirmed": "1"}
    assert client.post(decide, odd).status_code == 302
    change = StoryChange.objects.get()
    assert (fresh(story).title, change.reason) == ("A headline", "So")
    client.post(reverse("admin:aggregator_storychange_undo", args=[change.pk]), {"reason": "No\0"})
    assert StoryChange.objects.get().undone_reason == "No"
    for row in (story, change):
        delete = reverse(f"admin:aggregator_{row._meta.model_name}_delete", args=[row.pk])
        assert client.post(delete, {"post": "yes"}).status_code == 403, "its articles would be in no story for ever"
