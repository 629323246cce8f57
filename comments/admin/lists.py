"""Comments to look up, and what was done about them: read, never written here."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from comments import moderation
from comments.admin import queue
from comments.grounds import words_of
from comments.models import Comment, Flag, ModerationAction
from zisnews.pagination import FirstRows


class ForModerators(admin.ModelAdmin):
    """Seen by who may judge comments; changed by what they press alone."""

    show_full_result_count = False
    paginator = FirstRows
    sortable_by = ()  # no index carries another order than the list's own

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return moderation.may_moderate(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return moderation.may_moderate(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Comment)
class CommentAdmin(ForModerators):
    change_list_template = "admin/comments/change_list.html"
    list_display = ["words", "author", "state", "why", "flag_count", "posted_at"]
    list_filter = ["state"]
    list_select_related = ["author"]
    search_fields = ["id__exact", "author__email__exact", "author__display_name__exact", "article__id__exact"]
    search_help_text = _("The number of a comment or of an article, or the name or address of an author")
    fields = [
        "article", "author", "parent", "body", "state", "why", "posted_at", "edited_at", "deleted_at", "up_count",
        "down_count", "answer_count", "flag_count",
    ]  # fmt: skip
    readonly_fields = ["why"]
    ordering = ["-pk"]
    list_per_page = 50
    actions = ["approve", "remove_as_spam"]

    def get_urls(self) -> list[URLPattern]:
        def view(function):
            return self.admin_site.admin_view(lambda request: function(self, request))

        return [
            path("queue/", view(queue.queue_view), name="comments_comment_queue"),
            path("queue/judge/", view(queue.judge_view), name="comments_comment_judge"),
            path("queue/undo/", view(queue.undo_view), name="comments_comment_undo"),
            path("queue/suspended/", view(queue.suspended_view), name="comments_comment_suspended"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        return super().get_queryset(request).defer("html", "tokens")

    def has_judge_permission(self, request: HttpRequest) -> bool:
        return moderation.may_moderate(request.user)

    @admin.display(description=_("text"))
    def words(self, comment: Comment) -> str:
        return Truncator(comment.body).chars(90) or "–"

    @admin.display(description=_("why"))
    def why(self, comment: Comment) -> str:
        return words_of(comment.state_reason)

    @admin.action(description=_("Approve"), permissions=["judge"])
    def approve(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        assert isinstance(request.user, User)
        now, ids = timezone.now(), comments.values_list("pk", flat=True)
        count = sum(moderation.approve(pk, moderator=request.user, now=now) is not None for pk in ids)
        words = ngettext("%d comment is approved.", "%d comments are approved.", count)
        self.message_user(request, words % count, messages.SUCCESS)

    @admin.action(description=_("Remove as spam"), permissions=["judge"])
    def remove_as_spam(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        assert isinstance(request.user, User)
        now, ground, ids = timezone.now(), Flag.Reason.SPAM.value, comments.values_list("pk", flat=True)
        count = sum(moderation.remove(pk, ground=ground, moderator=request.user, now=now) is not None for pk in ids)
        words = ngettext("%d comment is removed.", "%d comments are removed.", count)
        self.message_user(request, words % count, messages.SUCCESS)


@admin.register(ModerationAction)
class ModerationActionAdmin(ForModerators):
    """The record of moderation: nobody adds to it by hand, nobody takes from it."""

    list_display = ["at", "action", "why", "reason", "about", "comment", "by"]
    list_filter = ["action"]
    list_select_related = ["about", "comment", "moderator"]
    search_fields = ["comment__id__exact", "about__email__exact", "moderator__email__exact"]
    search_help_text = _("The number of a comment, or the address of its author or of a moderator")
    fields = ("at", "action", "why", "reason", "about", "comment", "by", "state_before", "undoes", "part_of")
    readonly_fields = fields
    ordering = ["-at", "-pk"]
    list_per_page = 50

    @admin.display(description=_("why"))
    def why(self, action: ModerationAction) -> str:
        return words_of(action.ground)

    @admin.display(description=_("by"))
    def by(self, action: ModerationAction) -> str:
        is_by_rule = action.action in (ModerationAction.Action.HELD, ModerationAction.Action.HIDDEN)
        return str(_("a rule")) if is_by_rule else str(action.moderator or _("somebody who left"))
