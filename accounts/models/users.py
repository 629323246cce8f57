"""Who reads: a person signs in by e-mail and appears under a display name."""

from functools import cache
from typing import Any

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import connections, models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.display_names import DISPLAY_NAME_MAX_LENGTH, name_key


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail; Django's own manager asks for the user name we do not have."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get(self, *args: Any, **kwargs: Any) -> "User":
        """As Django's. By key alone, as each page asks for whoever is logged in, it is plain SQL: writing it took
        Django four times as long as all the rest.
        """
        pk = kwargs.get("pk")
        if args or len(kwargs) != 1 or not isinstance(pk, int) or type(self) is not UserManager:  # a relation's filters
            return super().get(*args, **kwargs)
        names, sql = one_by_key()
        for row in connections[self.db].rows(sql, [pk]):  # type: ignore[attr-defined]  # zisnews.postgres
            return User.from_db(self.db, names, row)
        raise User.DoesNotExist

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})


@cache
def one_by_key() -> tuple[list[str], str]:
    """The names of a user's fields, and the query for them by id."""
    fields = User._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return [field.attname for field in fields], f"SELECT {columns} FROM accounts_user WHERE id = %s"  # noqa: S608


class User(AbstractUser):
    """A registered reader, or a curator (is_staff). The e-mail address is private, the display name public."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(_("display name"), max_length=DISPLAY_NAME_MAX_LENGTH, blank=True)
    # Follows display_name by itself: nobody takes a name that would be read as somebody else's.
    name_key = models.TextField(null=True, unique=True, editable=False)  # noqa: DJ001  many have none, and one each
    language = models.CharField(
        _("language"), max_length=12, blank=True, help_text=_("Of the pages and e-mails; empty: as the browser asks")
    )
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True)
    # How they read. Empty is "as the site does it", and then a cookie may say otherwise on one device.
    theme = models.CharField(_("theme"), max_length=10, blank=True)
    text_size = models.CharField(_("text size"), max_length=10, blank=True)
    density = models.CharField(_("density"), max_length=10, blank=True, help_text=_("Of lists: empty or compact"))
    uses_keys = models.BooleanField(_("uses the keys of the keyboard"), default=True)
    keeps_history = models.BooleanField(_("keeps a history"), default=True)
    filters_comments = models.BooleanField(_("keywords hide comments too"), default=False)
    muted_notices = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, help_text=_("Kinds of notices they do not want")
    )
    welcomed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Since when they may read and take their data along, but neither comment nor vote nor flag.
    suspended_at = models.DateTimeField(_("suspended since"), null=True, blank=True, editable=False)

    # Counts how often all their sessions were ended: one of an earlier round lets nobody in.
    session_round = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()  # type: ignore[assignment, misc]

    class Meta(AbstractUser.Meta):
        indexes = [
            models.Index(
                fields=["-suspended_at", "-id"], condition=models.Q(suspended_at__isnull=False), name="user_suspended"
            )
        ]

    def __str__(self) -> str:
        return display_name_of(self)

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if fields is None or "display_name" in fields:
            self.name_key = name_key(self.display_name) or None
            if fields is not None:
                kwargs["update_fields"] = {*fields, "name_key"}
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must know: Django's own, and the round; so a round ends sessions that nobody finds to end."""
        own = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{own}:{self.session_round}" if self.session_round else own

    def get_full_name(self) -> str:
        return display_name_of(self)

    def get_short_name(self) -> str:
        return display_name_of(self)


def display_name_of(user: User) -> str:
    """Return the public name; until one is chosen a neutral one that does not give the address away."""
    return shown_name(user.pk, user.display_name)


def shown_name(pk: int, display_name: str) -> str:
    """The same for a user of whom no more is at hand."""
    return display_name or gettext("Reader %(number)s") % {"number": pk}
