"""What a curator sees of articles and stories: to look things up, not to rewrite a publisher's words."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aggregator import story_admin  # noqa: F401  registers the pages of stories
from aggregator.looked_up import LookedUp
from aggregator.models import Article, CategoryModel, NameVariants
from feeds.models import Display


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


@admin.register(CategoryModel)
class CategoryModelAdmin(LookedUp):
    """How well the classifier does on articles it was not trained on."""

    list_display = ["trained_at", "article_count", "held_out_accuracy"]
    exclude = ["parameters"]
    ordering = ["-trained_at"]

    @admin.display(description=_("right on articles held out"))
    def held_out_accuracy(self, model: CategoryModel) -> str:
        return "–" if model.accuracy is None else f"{model.accuracy:.0%}"


@admin.register(NameVariants)
class NameVariantsAdmin(admin.ModelAdmin):
    """Names of one thing by which countries differ. What came with the code is put out of use rather than deleted: it
    would come again with the next version.
    """

    list_display = ["__str__", "note", "is_used"]
    list_filter = ["language", "is_used"]
    search_fields = ["note", "key__exact"]
    formfield_overrides = {ArrayField: {"widget": forms.Textarea(attrs={"rows": 4, "cols": 80})}}

    def has_delete_permission(self, request: HttpRequest, obj: NameVariants | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.key is None)

    def save_model(self, request: HttpRequest, obj: NameVariants, form: Any, change: bool) -> None:
        obj.is_edited = True
        super().save_model(request, obj, form, change)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None that deletes many: some of them might be the catalogue's."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}
