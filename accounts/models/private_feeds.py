"""Addresses by which programs read a reader's own lists. Changed only by accounts.private_feeds."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User


class PrivateFeed(models.Model):
    """An address with a secret in it that stands for its reader. Of the secret only a digest is kept.

    revoked_at: since when it is worth nothing; kept for a day, so that revoking can be taken back
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="private_feeds")
    name = models.CharField(_("name"), max_length=60)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    used_at = models.DateTimeField(null=True, blank=True, editable=False, help_text=_("To the hour"))
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name
