"""What curators are told about pushes, in words."""

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feeds.models import Feed, Subscription


def push_condition(feed: Feed) -> str:
    """Say in words how a feed's hub does, in one line or two."""
    if not feed.hub_url:
        return _("The feed announces no hub; it is only polled.")
    if not settings.ZIS_WEBSUB:
        return _("The feed announces a hub (%(hub)s), which cannot reach us: this site has no public address.") % {
            "hub": feed.hub_url
        }
    subscription = Subscription.objects.filter(feed=feed).first()
    if subscription is None:
        return _("The feed announces a hub (%(hub)s), but we have not asked it to push yet.") % {"hub": feed.hub_url}
    return " ".join(filter(None, [state_of(subscription), last_push_of(subscription), trust_in(feed)]))


def state_of(subscription: Subscription) -> str:
    """How it stands with the hub, with its own words where it refused."""
    now = timezone.now()
    state, expires_at = subscription.state, subscription.expires_at
    if state == Subscription.State.ACTIVE and expires_at and expires_at > now:
        sentence = _("The hub pushes; its promise holds until %(moment)s.") % {"moment": moment(expires_at)}
    elif state == Subscription.State.FAILED:
        sentence = _("The hub does not push.")
    elif state == Subscription.State.LEAVING:
        sentence = _("The hub is being told to push no more.")
    else:
        sentence = _("The hub was asked to push and has not confirmed it yet.")
    return f"{sentence} {subscription.last_error}".strip()


def last_push_of(subscription: Subscription) -> str:
    if subscription.pushed_at is None:
        return _("Nothing was pushed so far.")
    return _("The last push came on %(moment)s.") % {"moment": moment(subscription.pushed_at)}


def trust_in(feed: Feed) -> str:
    if feed.push_trusted_until and feed.push_trusted_until > timezone.now():
        return _("Since its pushes are reliable, the feed is polled more seldom.")
    return ""


def moment(at) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
