"""What publishers ask of us: to be shown by less, or not at all."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feeds.models.sources import Source


class PublisherRequestQuerySet(models.QuerySet["PublisherRequest"]):
    def open(self) -> "PublisherRequestQuerySet":
        """Requests no curator has answered yet, the oldest first."""
        return self.filter(done_at=None).order_by("at", "pk")


class PublisherRequest(models.Model):
    """A publisher's wish, sent by the form of /sources-policy/. Nothing changes until a curator has seen who asks."""

    class Wish(models.TextChoices):
        EXCERPT = "excerpt", _("Show only the beginning of our articles")
        HEADLINE = "headline", _("Show only our headlines")
        REMOVE = "remove", _("Leave us out altogether")
        OTHER = "other", _("Something else")

    at = models.DateTimeField(_("sent"), default=timezone.now)
    site = models.CharField(_("site"), max_length=500)
    source = models.ForeignKey(
        Source, on_delete=models.SET_NULL, null=True, blank=True, related_name="requests",
        help_text=_("The source we think it is about"),
    )  # fmt: skip
    wish = models.CharField(_("wish"), max_length=10, choices=Wish)
    email = models.EmailField(_("e-mail address"))
    message = models.TextField(_("message"), blank=True, max_length=5_000)
    done_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = PublisherRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        verbose_name = _("publisher's request")
        verbose_name_plural = _("publishers' requests")
        constraints = [
            # The same wish sent twice, by a double click or a second try, is one.
            models.UniqueConstraint(
                fields=["site", "wish", "email"], condition=models.Q(done_at=None), name="request_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site}: {self.get_wish_display()}"
