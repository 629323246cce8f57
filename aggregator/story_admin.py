"""Where curators correct stories, and read and take back what was changed in them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from accounts.models import User
from aggregator import corrections
from aggregator.corrections import LONGEST_HEADLINE, LONGEST_REASON, Decision
from aggregator.looked_up import NeverDeleted
from aggregator.models import Article, Story, StoryChange, StoryPass
from aggregator.regrouping import CanNotChange
from aggregator.story_decisions import carry_out, typed, wanted_by
from aggregator.story_lookup import stories_named
from aggregator.storylines import events_of
from zisnews.pagination import LARGEST_ID, newest_page

ARTICLES_A_PAGE = 50
CHANGES_SHOWN = 10


@admin.register(Story)
class StoryAdmin(NeverDeleted):
    """A story's page shows its articles, to be ticked, and what can be done with them."""

    list_display = ["title", "country_count", "source_count", "article_count", "first_at", "newest_at", "part_of"]
    list_select_related = ["merged_into"]
    search_fields = ["pk"]  # so that there is a field to search in; get_search_results says how
    search_help_text = _("A number, an address, or words of a headline")
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Story]:
        return super().get_queryset(request).defer("profile", "key_terms", "merged_into__profile")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Story], search_term: str
    ) -> tuple[QuerySet[Story], bool]:
        if not search_term.strip():
            return queryset, False
        found = stories_named(search_term, timezone.now())
        return queryset.filter(pk__in=[story.pk for story in found]), False

    @admin.display(description=pgettext_lazy("the story it was merged into", "part of"))
    def part_of(self, story: Story) -> str:
        return str(story.merged_into or "–")

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(require_POST(self.decide_view))
        return [path("<int:pk>/decide/", decide, name="aggregator_story_decide"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The story's page; Django's own would offer its fields."""
        story = self.get_object(request, object_id)
        if story is None:
            raise Http404
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        return self.story_page(request, story)

    def story_page(self, request: HttpRequest, story: Story, error: str = "") -> HttpResponse:
        articles = Article.objects.filter(story=story).select_related("source", "source__country")
        fields = ("title", "slug", "url", "published_at", "source__name", "source__country", "copy_of")
        changes = StoryChange.objects.of_story(story).select_related("by", "undone_by", "story", "other")
        context = {
            **self.admin_site.each_context(request),
            "title": story.title,
            "opts": self.opts,
            "story": story,
            "host": story.that_stands() if story.merged_into_id else None,
            "page": newest_page(articles.only(*fields), request.GET.get("after", ""), size=ARTICLES_A_PAGE),
            "ticked": set(request.POST.getlist("article")),
            "events": events_of(story),
            "changes": changes.defer("articles").order_by("-made_at", "-pk")[:CHANGES_SHOWN],
            "may_change": may_correct(request),
            "error": error,
            "said": request.POST,
            "longest_headline": LONGEST_HEADLINE,
        }
        status = 422 if error else 200
        return TemplateResponse(request, "admin/aggregator/story/story.html", context, status=status)

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask whether that is meant, with what it will do; then do it."""
        if not may_correct(request):
            raise PermissionDenied
        story = get_object_or_404(Story.objects.defer("profile", "key_terms"), pk=min(pk, LARGEST_ID))
        try:
            wanted = wanted_by(request.POST, story, timezone.now())
        except KeyError:
            return HttpResponseBadRequest(_("This form asks for nothing we know."))
        if "confirmed" in request.POST:
            try:
                change = carry_out(wanted, decision_of(request, wanted.reason))
            except CanNotChange as error:
                wanted.error = str(error)
            else:
                self.message_user(request, say_done(change), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:aggregator_story_change", args=[story.that_stands().pk]))
        elif wanted.error:
            return self.story_page(request, story, wanted.error)
        context = {
            **self.admin_site.each_context(request),
            "title": story.title,
            "opts": self.opts,
            "story": story,
            "wanted": wanted,
            "longest_reason": LONGEST_REASON,
        }
        status = 422 if wanted.error else 200
        return TemplateResponse(request, "admin/aggregator/story/confirm.html", context, status=status)


class Author(admin.SimpleListFilter):
    """Whether people changed stories, or the machine did."""

    title = _("by")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("curators", _("curators")), ("machine", _("the machine"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[StoryChange]) -> QuerySet[StoryChange]:
        wanted = {"curators": True, "machine": False}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(is_of_curator=wanted)


@admin.register(StoryChange)
class StoryChangeAdmin(NeverDeleted):
    """What was changed in stories, by curators and by the machine; each can be taken back."""

    list_display = ["made_at", "kind", "who", "story", "other", "reason", "undone_at"]
    list_filter = ["kind", Author]
    list_select_related = ["by", "story", "other"]
    search_fields = ["story__id__exact", "other__id__exact"]
    search_help_text = _("The number of a story")
    fields = [
        "kind", "made_at", "who", "reason", "story", "other", "moved", "figures",
        "undone_at", "undone_by", "undone_reason",
    ]  # fmt: skip
    readonly_fields = ["who", "moved", "figures"]
    ordering = ["-made_at", "-pk"]
    change_form_template = "admin/aggregator/storychange/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[StoryChange]:
        return (
            super()
            .get_queryset(request)
            .defer("story__profile", "story__key_terms", "other__profile", "other__key_terms")
        )

    @admin.display(description=_("by"))
    def who(self, change: StoryChange) -> str:
        if not change.is_of_curator:
            return str(_("the machine"))
        return str(change.by or _("a curator who left"))

    @admin.display(description=_("articles that moved"))
    def moved(self, change: StoryChange) -> SafeString | str:
        """Their headlines; of those that left the site, and of too many to read, the numbers."""
        there = Article.objects.only("title", "slug").in_bulk(change.articles[:ARTICLES_A_PAGE])
        items = format_html_join(
            "",
            '<li><a href="{}" dir="auto">{}</a></li>',
            ((there[pk].get_absolute_url(), there[pk].title) for pk in change.articles if pk in there),
        )
        others = ", ".join(str(pk) for pk in change.articles if pk not in there)
        return format_html("<ul>{}</ul>{}", items, others) if items else others or "–"

    @admin.display(description=_("figures"))
    def figures(self, change: StoryChange) -> str:
        return "\n".join(f"{name}: {value}" for name, value in change.numbers.items() if name != "kept")

    def get_urls(self) -> list[URLPattern]:
        undo = self.admin_site.admin_view(require_POST(self.undo_view))
        return [path("<int:pk>/undo/", undo, name="aggregator_storychange_undo"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"may_change": may_correct(request), "longest_reason": LONGEST_REASON, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may_correct(request):
            raise PermissionDenied
        get_object_or_404(StoryChange, pk=min(pk, LARGEST_ID))
        reason = typed(request.POST, "reason")
        try:
            if not reason:
                raise CanNotChange(_("Say why, in a few words: other curators read it."))
            corrections.undo(pk, decision_of(request, reason))
        except CanNotChange as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, _("It is taken back."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:aggregator_storychange_change", args=[pk]))


@admin.register(StoryPass)
class StoryPassAdmin(NeverDeleted):
    """How often the machine looked over stories, how long that took and how much it changed."""

    list_display = ["began_at", "kind", "seconds", "looked_at", "changed"]
    list_filter = ["kind"]
    ordering = ["-pk"]

    @admin.display(description=_("seconds"))
    def seconds(self, row: StoryPass) -> str:
        return str(_("was cut short, or lasts")) if row.took is None else f"{row.took:.1f}"

    @admin.display(description=_("stories looked at"))
    def looked_at(self, row: StoryPass) -> int | str:
        return row.numbers.get("looked_at", "–")

    @admin.display(description=_("changes"))
    def changed(self, row: StoryPass) -> int | str:
        return row.numbers.get("changed", "–")


def may_correct(request: HttpRequest) -> bool:
    return request.user.has_perm("aggregator.change_story")


def decision_of(request: HttpRequest, reason: str) -> Decision:
    assert isinstance(request.user, User)  # admin_view lets nobody else in
    return Decision(request.user, reason, timezone.now())


def say_done(change: StoryChange) -> SafeString:
    """What happened, with the way to take it back."""
    words = {
        StoryChange.Kind.MERGE: _("The stories are one. The machine will not part their articles."),
        StoryChange.Kind.SPLIT: _("The articles are a story of their own. The machine will not merge it back."),
        StoryChange.Kind.MOVE: _("The articles are in the other story, and stay there."),
        StoryChange.Kind.HEADLINE: _("The headline is pinned."),
    }[StoryChange.Kind(change.kind)]
    back = reverse("admin:aggregator_storychange_change", args=[change.pk])
    return format_html('{} <a href="{}">{}</a>', words, back, _("See it, or take it back"))
