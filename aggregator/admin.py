"""What a curator sees of articles and stories: to look things up, not to rewrite a publisher's words."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aggregator import category_admin, comparison_admin, story_admin  # noqa: F401  they register their own pages
from aggregator.looked_up import LookedUp
from aggregator.models import Article
from feeds.models import Display


@admin.register(Article)
class ArticleAdmin(LookedUp):
    """Articles as they are; a curator changes on which shelf one stands, and the classifier learns from it."""

    list_display = ["title", "source", "category", "category_how", "shown", "published_at", "added_at"]
    list_filter = ["category", "source__country"]
    list_select_related = ["source", "category"]
    search_fields = ["url__exact", "id__exact"]
    exclude = ["tokens", "html"]
    ordering = ["-published_at", "-pk"]

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        hidden = {"category", *self.exclude}
        return ["shown", *(field.name for field in Article._meta.fields if field.name not in hidden)]

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Only the category is written, and with it what search and who writes about whom know of it."""
        from aggregator.shelving import put_on_shelf  # noqa: PLC0415  what workers need comes with it

        put_on_shelf(obj, obj.category_id, timezone.now())

    @admin.display(description=pgettext_lazy("how much of an article is", "shown"))
    def shown(self, article: Article) -> str:
        """How much of it readers see, and who wants it so where that is less than all."""
        if article.display == Display.FULL_TEXT:
            return str(article.display.label)
        reasons = [article.page_display_reason] if article.page_display == article.display else []
        if article.source.display == article.display:
            reasons.append(str(_("So this site shows what is from %s.") % article.source))
        return f"{article.display.label}. {' '.join(filter(None, reasons))}".strip()
