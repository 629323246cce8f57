"""What we hold on a person: taken along whole, erased whole, with no table forgotten and every count right after."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.excluding import Wanted, block
from accounts.following import follow
from accounts.models import Follow, HiddenSource, Notification, PrivateFeed, SavedSearch, User
from aggregator.models import FollowedStory, ReadUpTo, Saved, Visit
from comments.models import BlockedReader, Comment, CommentVote, Flag, ModerationAction, Reaction, ThreadVisit
from comments.reactions import set_reaction
from comments.votes import score
from tests.factories import make_article, make_reader, make_source, make_story
from zisnews import personal_data

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"

# In which file a row that names a reader is handed to them.
EXPORTED = {
    "account.EmailAddress.user": "email_addresses",
    "mfa.Authenticator.user": "second_factors",
    "usersessions.UserSession.user": "sessions",
    "socialaccount.SocialAccount.user": "login_sites",
    "accounts.BlockedKeyword.user": "keywords",
    "accounts.HiddenSource.user": "hidden_sources",
    "accounts.Exclusions.user": "hidden_languages",
    "accounts.Follow.user": "follows",
    "accounts.SavedSearch.user": "saved_searches",
    "accounts.PrivateFeed.user": "private_feeds",
    "accounts.Notification.user": "notices",
    "aggregator.Saved.user": "saved",
    "aggregator.Visit.user": "history",
    "aggregator.ReadUpTo.user": "read_marks",
    "aggregator.FollowedStory.user": "followed_stories",
    "comments.Comment.author": "comments",
    "comments.CommentVote.user": "comment_votes",
    "comments.Flag.user": "flags",
    "comments.ModerationAction.about": "moderation",
    "comments.BlockedReader.user": "blocked_readers",
    "comments.Reaction.user": "likes",
    "comments.ThreadVisit.user": "discussions",
}
# Rows that name a reader and are not handed to them, each for a reason.
NOT_THEIRS = {
    "admin.LogEntry.user": "what a curator did for the site; a curator's account is no longer one when it is erased",
    "comments.BlockedReader.blocked": "who blocks whom is known to who blocks",
    "comments.ModerationAction.moderator": "what was done for the site; the name is let go",
    "aggregator.StoryChange.by": "what a curator did for the site; the name is let go",
    "aggregator.StoryChange.undone_by": "the same",
    "accounts.User_groups.user": "what a curator may do",
    "accounts.User_user_permissions.user": "what a curator may do",
}


def columns_that_name_a_reader() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is User
    }


def test_no_table_that_names_a_reader_is_forgotten():
    known = EXPORTED.keys() | NOT_THEIRS.keys()
    assert columns_that_name_a_reader() - known == set(), "hand it over in a personal_data.py, or say here why not"
    assert {name for name in known - columns_that_name_a_reader() if "social" not in name} == set()
    assert set(EXPORTED.values()) | {"profile"} == set(personal_data.about())


def a_full_life() -> User:
    """A reader with at least one row of everything."""
    reader = make_reader(email="anna@example.org", password=PASSWORD, display_name="Anna")
    other, article, source = make_reader(), make_article(title="Council votes"), make_source(name="The Paper")
    EmailAddress.objects.create(user=reader, email=reader.email, verified=True, primary=True)
    Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/1"}).post(
        "/accounts/login/", {"login": reader.email, "password": PASSWORD}
    )
    Authenticator.objects.create(user=reader, type="webauthn", data={"name": "Phone", "credential": {"secret": "s3"}})
    block(reader, Wanted("football"), timezone.now())
    HiddenSource.objects.create(user=reader, source=source)
    Follow.objects.create(user=reader, source=source)
    SavedSearch.objects.create(user=reader, name="Peace", query="q=peace")
    PrivateFeed.objects.create(user=reader, name="Phone", digest=b"s3" * 16)
    Notification.objects.create(user=reader, kind="reply", key="1", url="/")
    Saved.objects.create(user=reader, article=article)
    Visit.objects.create(user=reader, article=article)
    ReadUpTo.objects.create(user=reader, scope="all", moment=timezone.now())
    FollowedStory.objects.create(user=reader, story=make_story())
    set_reaction(reader, article.pk, "like")
    set_reaction(other, article.pk, "like")
    theirs = Comment.objects.create(
        article=article, author=other, body="Hm.", path="0", body_hash=b"1", up_count=3, down_count=1
    )
    mine = Comment.objects.create(article=article, author=reader, body="I was there.", path="1", body_hash=b"2")
    CommentVote.objects.create(user=reader, comment=theirs, is_up=True)
    for is_up in (True, True, False):
        CommentVote.objects.create(user=make_reader(), comment=theirs, is_up=is_up)
    Flag.objects.create(user=reader, comment=theirs, reason="spam")
    Comment.objects.filter(pk=theirs.pk).update(flag_count=1)
    BlockedReader.objects.create(user=reader, blocked=other)
    BlockedReader.objects.create(user=other, blocked=reader)
    ModerationAction.objects.create(action="approved", about=reader, comment=mine)
    ThreadVisit.objects.create(user=reader, article=article, began_at=timezone.now())
    return reader


def exported(user: User) -> dict[str, object]:
    file = io.BytesIO()
    personal_data.export(user, file, timezone.now())
    archive = zipfile.ZipFile(file)
    assert archive.testzip() is None
    files = {name.removesuffix(".json"): archive.read(name) for name in archive.namelist()}
    readme = files.pop("README.txt").decode()
    assert all(name in readme for name in files)
    return {name: json.loads(content) for name, content in files.items()}


def test_the_file_holds_a_row_of_everything():
    reader = a_full_life()

    told = exported(reader)

    assert told["profile"]["email"] == "anna@example.org" and told["profile"]["display_name"] == "Anna"
    empty = {name for name, rows in told.items() if not rows}
    assert empty == {"login_sites", "hidden_languages"}
    assert told["comments"][0]["body"] == "I was there." and told["comments"][0]["article_title"] == "Council votes"
    assert "Firefox" in told["sessions"][0]["user_agent"]


def test_no_secret_and_nothing_of_others_is_in_the_file():
    reader = a_full_life()
    other = Comment.objects.get(body="Hm.").author

    text = json.dumps(exported(reader))

    assert reader.password not in text and "s3" not in text and other.email not in text and "Hm." not in text
    assert Session.objects.get().session_key not in text


def test_erasing_takes_everything_but_what_was_said_to_others():
    reader = a_full_life()
    article = Reaction.objects.filter(user=reader).get().article
    pk = reader.pk

    assert personal_data.erase(pk)

    for column in columns_that_name_a_reader():
        label, name = column.rsplit(".", 1)
        assert not apps.get_model(label).objects.filter(**{name: pk}).exists(), column
    assert not User.objects.filter(pk=pk).exists()
    mine, theirs = Comment.objects.get(body="I was there."), Comment.objects.get(body="Hm.")
    assert mine.author is None and mine.state == "shown"
    assert (theirs.up_count, theirs.down_count, theirs.flag_count) == (2, 1, 0)
    assert theirs.score == score(2, 1)
    article.refresh_from_db()
    assert article.like_count == Reaction.objects.filter(article=article).count() == 1
    assert not Session.objects.exists()


def test_a_comment_nobody_saw_loses_its_text():
    reader, article = make_reader(), make_article()
    for state in ("held", "deleted"):
        Comment.objects.create(
            article=article, author=reader, body=f"A {state} one.", html="x", path=state, body_hash=b"", state=state
        )

    personal_data.erase(reader.pk)

    assert list(Comment.objects.values_list("body", "html", "state")) == [("", "", "deleted")] * 2


def test_erasing_twice_does_nothing_the_second_time():
    reader = a_full_life()

    assert personal_data.erase(reader.pk) is True
    assert personal_data.erase(reader.pk) is False


def test_the_page_says_what_goes_and_gives_the_file(client):
    reader = a_full_life()
    client.force_login(reader)

    page = client.get("/settings/data/").content.decode()
    answer = client.post("/settings/data/export/")

    assert "with nobody" in page and "Delete my account" in page
    assert answer["Content-Type"] == "application/zip" and "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    assert {"README.txt", "profile.json", "comments.json", "saved.json"} <= set(names)


def test_the_file_can_not_be_asked_for_without_end(client):
    client.force_login(make_reader())
    answers = [client.post("/settings/data/export/") for _ in range(11)]
    for answer in answers:
        answer.close()
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]


def test_who_wants_to_go_gives_the_password_and_is_gone(client, settings, mailoutbox):
    settings.EMAIL_IS_CONFIGURED = True
    reader = a_full_life()
    client.force_login(reader)

    wrong = client.post("/settings/data/erase/", {"password": "wrong", "sure": "on"})
    unsure = client.post("/settings/data/erase/", {"password": PASSWORD})
    assert (wrong.status_code, unsure.status_code) == (422, 422)
    assert "not your password" in wrong.content.decode()
    assert User.objects.filter(pk=reader.pk).exists()

    gone = client.post("/settings/data/erase/", {"password": PASSWORD, "sure": "on"})

    assert (gone.status_code, gone["Location"]) == (303, "/account-erased/")
    assert not User.objects.filter(pk=reader.pk).exists()
    page = client.get("/account-erased/").content.decode()
    assert "deleted" in page and "Log in" in page
    assert [mail.to for mail in mailoutbox] == [["anna@example.org"]]


def test_an_account_without_a_password_shows_in_another_way_who_it_is(client):
    reader = make_reader()
    reader.set_unusable_password()
    reader.save()
    Authenticator.objects.create(user=reader, type="totp", data={"secret": "A" * 32})
    client.force_login(reader)

    assert 'type="password"' not in client.get("/settings/data/").content.decode()
    answer = client.post("/settings/data/erase/", {"sure": "on"})

    assert answer["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert User.objects.filter(pk=reader.pk).exists()


def test_an_account_of_a_passkey_alone_is_asked_for_it_before_it_is_gone(client):
    reader = make_reader()
    reader.set_unusable_password()
    reader.save()
    Authenticator.objects.create(user=reader, type="webauthn", data={"name": "Phone", "credential": {}})
    Authenticator.objects.create(user=reader, type="recovery_codes", data={})
    client.force_login(reader)

    answer = client.post("/settings/data/erase/", {"sure": "on"})

    assert answer["Location"].startswith("/accounts/2fa/webauthn/reauthenticate/")
    assert User.objects.filter(pk=reader.pk).exists()


def test_a_curator_is_no_longer_one_before_they_go(client):
    curator = make_reader(is_staff=True, password=PASSWORD)
    client.force_login(curator)

    assert 'name="sure"' not in client.get("/settings/data/").content.decode()
    assert client.post("/settings/data/erase/", {"password": PASSWORD, "sure": "on"}).status_code == 403
    assert User.objects.filter(pk=curator.pk).exists()


def test_the_commands_do_the_same(tmp_path: Path, capsys):
    reader, file = a_full_life(), tmp_path / "anna.zip"

    call_command("export_user", "ANNA@example.org", str(file))
    assert "profile.json" in zipfile.ZipFile(file).namelist()
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="can not be written"):
        call_command("export_user", str(reader.pk), str(file))

    with pytest.raises(CommandError, match="Add --yes"):
        call_command("erase_user", str(reader.pk))
    call_command("erase_user", "anna@example.org", "--yes")
    assert not User.objects.filter(pk=reader.pk).exists()
    with pytest.raises(CommandError, match="Nobody has"):
        call_command("erase_user", "anna@example.org", "--yes")


def test_two_who_liked_the_same_articles_leave_at_the_same_time(transactional_db):
    import threading  # noqa: PLC0415

    from django.db import connections  # noqa: PLC0415

    articles = [make_article() for _ in range(20)]
    readers = [make_reader() for _ in range(2)]
    for number, reader in enumerate(readers):
        for article in articles[:: 1 if number else -1]:
            set_reaction(reader, article.pk, "like")

    def leave(pk: int) -> None:
        personal_data.erase(pk)
        connections.close_all()

    threads = [threading.Thread(target=leave, args=[reader.pk]) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for article in articles:
        article.refresh_from_db()
    assert {article.like_count for article in articles} == {0}
    assert not User.objects.exists()


def test_who_is_erased_is_counted_among_the_followers_of_nothing_at_once():
    reader, other, source = make_reader(), make_reader(), make_source()
    for one in (reader, other):
        follow(one, source, timezone.now())

    personal_data.erase(reader.pk)

    source.refresh_from_db()
    assert source.follower_count == 1
