"""What readers say about an article, and how others value it."""

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from aggregator.models import Article

PLACE_DIGITS = 11  # of a comment's id in base 36, within a path: enough for 10^17 comments
DEPTH_MAX = 4  # answers to what stands as deep stand beside it: further in, no phone could show them


class CommentQuerySet(models.QuerySet["Comment"]):
    def there_for(self, user: object) -> "CommentQuerySet":
        """Comments that have a place in the thread as this reader sees it: what is shown, what was answered, and their
        own that wait for a moderator.
        """
        there = Q(state=Comment.State.SHOWN) | Q(answer_count__gt=0)
        if isinstance(user, User):
            there |= Q(author=user, state__in=Comment.WAITING)
        return self.filter(there)

    def shown(self) -> "CommentQuerySet":
        return self.filter(state=Comment.State.SHOWN)

    def of(self, user: User) -> "CommentQuerySet":
        """Comments this reader wrote and did not take back."""
        return self.filter(author=user).exclude(state=Comment.State.DELETED)


class Comment(models.Model):
    """One comment. Of one that was deleted or removed only its place in the thread stays, if others answered it.

    path:   the places of its ancestors and its own, each PLACE_DIGITS long: in the order of paths a thread reads from
            top to bottom, and what begins with a path is that comment with all answers to it. From DEPTH_MAX on an
            answer stands beside its parent, and so does its path
    score:  the lower bound of Wilson's interval at 80 % for the share of readers who find it good (Evan Miller 2009),
            in millionths: a whole number is what pages can be cut by
    tokens: the words of the text as an article's title has them, so that keywords can be asked of both
    deleted_at, state_before: when its author took it back, and what it was until then; its text is kept for an hour
    """

    class State(models.TextChoices):
        SHOWN = "shown", _("shown")
        HELD = "held", _("held until a moderator has looked")
        HIDDEN = "hidden", _("hidden by reports until a moderator has looked")
        REMOVED = "removed", _("removed by a moderator")
        DELETED = "deleted", _("deleted by its author")

    WAITING = (State.HELD, State.HIDDEN)

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="comments", db_index=False)
    author = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="comments", db_index=False
    )
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="answers")
    path = models.TextField(db_collation="C", default="", editable=False)
    depth = models.PositiveSmallIntegerField(default=0, editable=False)

    body = models.TextField(_("text"), help_text=_("As it was written: a subset of Markdown"))
    html = models.TextField(editable=False, help_text=_("The text as pages show it, sanitised"))
    body_hash = models.BinaryField(max_length=16, editable=False, help_text=_("Equal for texts that say the same"))
    tokens = SearchVectorField(default="", editable=False)

    posted_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    state_before = models.CharField(max_length=7, choices=State, blank=True, editable=False)
    state = models.CharField(max_length=7, choices=State, default=State.SHOWN)
    state_reason = models.CharField(max_length=200, blank=True, help_text=_("Why it is not shown"))

    up_count = models.PositiveIntegerField(default=0, editable=False)
    down_count = models.PositiveIntegerField(default=0, editable=False)
    answer_count = models.PositiveIntegerField(default=0, editable=False, help_text=_("Direct answers that are there"))
    flag_count = models.PositiveIntegerField(default=0, editable=False, help_text=_("Different people, not yet judged"))
    score = models.PositiveIntegerField(default=0, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        permissions = [("moderate", _("May judge comments and suspend their authors"))]
        indexes = [
            models.Index(fields=["article", "path"], name="comment_in_thread"),
            models.Index(fields=["article", "-score", "-id"], condition=models.Q(depth=0), name="comment_best"),
            models.Index(fields=["article", "id"], condition=models.Q(depth=0), name="comment_roots"),
            models.Index(fields=["author", "-posted_at", "-id"], name="comment_of_author"),
            models.Index(fields=["body_hash", "-posted_at"], name="comment_of_same_text"),
            models.Index(fields=["posted_at"], name="comment_posted"),
            models.Index(fields=["id"], condition=models.Q(state__in=["held", "hidden"]), name="comment_waiting"),
            models.Index(fields=["id"], condition=models.Q(flag_count__gt=0, state="shown"), name="comment_with_flags"),
            models.Index(fields=["deleted_at"], condition=~models.Q(body=""), name="comment_to_wipe"),
        ]

    def __str__(self) -> str:
        return self.body[:60]

    def get_absolute_url(self) -> str:
        """Its permanent address, which leads to its place in the thread."""
        return reverse("comment", args=[self.pk])

    @property
    def is_shown(self) -> bool:
        return self.state == self.State.SHOWN

    @property
    def is_there(self) -> bool:
        """Whether it has a place in the thread for everybody, if only for the answers to it."""
        return self.is_shown or self.answer_count > 0

    @property
    def root_path(self) -> str:
        """The path of the comment that its thread begins with."""
        return self.path[:PLACE_DIGITS]


class CommentVote(models.Model):
    """A reader's one vote on a comment: it is good, or it is not."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="comment_votes", db_index=False)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="votes")
    is_up = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "comment"], name="comment_vote_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {'+' if self.is_up else '-'} {self.comment_id}"
