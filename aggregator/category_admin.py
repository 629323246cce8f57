"""What a curator sees of categories: how the classifier does on articles it has not seen."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from aggregator.categorising import CONFIDENT
from aggregator.looked_up import LookedUp
from aggregator.models import CategoryModel
from aggregator.templatetags.places import category_name, percent


@admin.register(CategoryModel)
class CategoryModelAdmin(LookedUp):
    """How well the classifier does on articles it was not trained on."""

    list_display = ["trained_at", "article_count", "held_out_accuracy", "precision_among_the_sure", "how_often_sure"]
    fields = readonly_fields = (
        *("trained_at", "article_count", "held_out_accuracy", "precision_among_the_sure", "how_often_sure"),
        *("by_category", "taken_for", "surest_mistakes"),
    )
    ordering = ["-trained_at"]

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).defer("parameters")

    @admin.display(description=gettext_lazy("right on articles held out"))
    def held_out_accuracy(self, model: CategoryModel) -> str:
        return shown(model.accuracy)

    @admin.display(description=gettext_lazy("right where it is sure"))
    def precision_among_the_sure(self, model: CategoryModel) -> str:
        """Of the articles held out that it would have put on a shelf."""
        return shown(model.report.get("sure_precision"))

    @admin.display(description=gettext_lazy("how often it is sure"))
    def how_often_sure(self, model: CategoryModel) -> str:
        held, sure = model.report.get("held_out"), model.report.get("sure")
        if not held:
            return "–"
        said = _("%(sure)s of %(all)s, the others stay general; it is sure from %(bar)s on")
        return said % {"sure": sure, "all": held, "bar": percent(CONFIDENT)}

    @admin.display(description=gettext_lazy("by category"))
    def by_category(self, model: CategoryModel) -> SafeString | str:
        sure = pgettext("how many articles it is sure of", "Sure")
        heads = (_("Category"), _("Articles"), _("Precision"), _("Recall"), sure, _("Precision where sure"))
        rows = [
            (
                category_name(slug), str(one["count"]), shown(one["precision"]), shown(one["recall"]),
                str(one["sure"]), shown(one["sure_precision"]),
            )
            for slug, one in model.report.get("categories", {}).items()
        ]  # fmt: skip
        return table(heads, rows)

    @admin.display(description=gettext_lazy("what is taken for what"))
    def taken_for(self, model: CategoryModel) -> SafeString | str:
        """A row for each category, a column for what the classifier took its articles for."""
        confusion = model.report.get("confusion", {})
        heads = ("", *map(category_name, confusion))
        rows = [
            (category_name(slug), *(str(row.get(other, "")) for other in confusion)) for slug, row in confusion.items()
        ]
        return table(heads, rows)

    @admin.display(description=gettext_lazy("the surest mistakes"))
    def surest_mistakes(self, model: CategoryModel) -> SafeString | str:
        rows = [
            (one["text"], category_name(one["was"]), category_name(one["said"]))
            for one in model.report.get("mistakes", [])
        ]
        return table((_("Article"), pgettext("its right category", "It is"), _("It was taken for")), rows)


def shown(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def table(heads: Iterable[str], rows: Sequence[tuple[str, ...]]) -> SafeString | str:
    if not rows:
        return "–"
    head = format_html_join("", '<th scope="col">{}</th>', ((one,) for one in heads))
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        ((row[0], format_html_join("", "<td>{}</td>", ((cell,) for cell in row[1:]))) for row in rows),
    )
    return format_html(
        '<div class="scroll"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>', head, body
    )
