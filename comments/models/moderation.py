"""What readers and moderators hold against a comment, and what was done about it. Changed only by comments.flags,
comments.moderation, comments.purging and comments.blocking."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from comments.models.comments import Comment


class Flag(models.Model):
    """A reader says that a comment breaks the rules; once each."""

    class Reason(models.TextChoices):
        SPAM = "spam", _("Spam or advertising")
        ABUSE = "abuse", _("Insult, threat or harassment")
        HATE = "hate", _("Hatred against a group of people")
        PRIVATE = "private", _("Somebody's private data")
        OTHER = "other", _("Something else")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="flags", db_index=False)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="flags")
    reason = models.CharField(_("reason"), max_length=7, choices=Reason)
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    counts = models.BooleanField(default=True, editable=False, help_text=_("Whether it is one of those that hide it"))
    settled_at = models.DateTimeField(null=True, blank=True, editable=False, help_text=_("When a moderator judged"))

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "comment"], name="flag_once")]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}"


class ModerationAction(models.Model):
    """One thing a moderator, or a rule of ours, did; never changed and never deleted.

    moderator: None where a rule did it. about: whose comment it was
    state_before: of the comment, for taking it back; the row that takes one back names it in `undoes`, once
    part_of: the purge that a removal belongs to
    """

    class Action(models.TextChoices):
        HELD = "held", _("held")
        HIDDEN = "hidden", _("hidden by reports")
        APPROVED = "approved", _("approved")
        REMOVED = "removed", pgettext_lazy("of a comment", "removed")
        SUSPENDED = "suspended", _("author suspended")
        PURGED = "purged", _("author's comments purged")
        RESTORED = "restored", _("author let in again")
        UNDONE = "undone", _("taken back")

    action = models.CharField(max_length=9, choices=Action)
    ground = models.CharField(max_length=12, blank=True, help_text=_("Why: a key of comments.grounds"))
    reason = models.CharField(max_length=300, blank=True, help_text=_("More of it, in the moderator's words"))
    moderator = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    about = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.SET_NULL, null=True, blank=True, related_name="actions")
    at = models.DateTimeField(default=timezone.now, editable=False)
    state_before = models.CharField(max_length=7, choices=Comment.State, blank=True, editable=False)
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="undone_by"
    )
    part_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="parts"
    )

    class Meta:
        verbose_name = _("thing done about comments")
        verbose_name_plural = _("things done about comments")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="moderation_newest")]

    def __str__(self) -> str:
        return f"{self.get_action_display()}, {self.at:%Y-%m-%d %H:%M}"


class Purge(models.Model):
    """What is left to do of removing all that somebody wrote, or of putting it back (comments.purging).

    up_to: their newest comment when it was pressed; what they write once they are let in again is not part of it
    """

    action = models.OneToOneField(ModerationAction, on_delete=models.PROTECT, related_name="purge")
    up_to = models.BigIntegerField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(finished_at=None), name="purge_unfinished")]

    def __str__(self) -> str:
        return f"{self.action_id}"


class BlockedReader(models.Model):
    """Somebody whose comments a reader does not want to see, and who can not answer or mention them."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocked_readers", db_index=False)
    blocked = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocked_by")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "blocked"], name="reader_blocked_once")]

    def __str__(self) -> str:
        return f"{self.user_id} blocks {self.blocked_id}"
