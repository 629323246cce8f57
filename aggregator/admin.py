"""What a curator sees of articles and stories: to look things up, not to rewrite a publisher's words."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aggregator.models import Article, CategoryModel, Story
from feeds.models import Display


class LookedUp(admin.ModelAdmin):
    """Found and read; made and changed by the machine alone."""

    show_full_result_count = False
    sortable_by = ()  # no index carries another order than the list's own

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


@admin.register(Article)
class ArticleAdmin(LookedUp):
    list_display = ["title", "source", "category", "category_how", "shown", "published_at", "added_at"]
    list_filter = ["category", "source__country"]
    list_select_related = ["source", "category"]
    search_fields = ["url__exact", "id__exact"]
    exclude = ["tokens", "html"]
    readonly_fields = ["shown"]
    ordering = ["-published_at", "-pk"]

    @admin.display(description=pgettext_lazy("how much of an article is", "shown"))
    def shown(self, article: Article) -> str:
        """How much of it readers see, and who wants it so where that is less than all."""
        if article.display == Display.FULL_TEXT:
            return str(article.display.label)
        reasons = [article.page_display_reason] if article.page_display == article.display else []
        if article.source.display == article.display:
            reasons.append(str(_("So this site shows what is from %s.") % article.source))
        return f"{article.display.label}. {' '.join(filter(None, reasons))}".strip()


@admin.register(Story)
class StoryAdmin(LookedUp):
    list_display = ["title", "country_count", "source_count", "article_count", "first_at", "newest_at"]
    exclude = ["profile", "key_terms"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Story]:
        return super().get_queryset(request).defer("profile", "key_terms")


@admin.register(CategoryModel)
class CategoryModelAdmin(LookedUp):
    """How well the classifier does on articles it was not trained on."""

    list_display = ["trained_at", "article_count", "held_out_accuracy"]
    exclude = ["parameters"]
    ordering = ["-trained_at"]

    @admin.display(description=_("right on articles held out"))
    def held_out_accuracy(self, model: CategoryModel) -> str:
        return "–" if model.accuracy is None else f"{model.accuracy:.0%}"
