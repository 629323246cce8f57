"""What sources stand on: Category and Country."""

from collections.abc import Mapping
from functools import cache

from babel import Locale
from django.db import models
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

CATEGORY_NAMES = {
    "world": _("World"),
    "politics": _("Politics"),
    "business": _("Business"),
    "technology": _("Technology"),
    "science": _("Science"),
    "health": _("Health"),
    "sports": _("Sports"),
    "entertainment": _("Entertainment"),
    "culture": _("Culture"),
    "environment": _("Environment"),
    "lifestyle": _("Lifestyle"),
    "opinion": _("Opinion"),
    "general": _("General"),
}
GENERAL = "general"


class CategoryQuerySet(models.QuerySet["Category"]):
    def sections(self) -> "CategoryQuerySet":
        """The categories that have a page, in the order of the navigation; "general" has none."""
        return self.exclude(slug=GENERAL).order_by("position")


@cache
def names_of_countries(language: str) -> Mapping[str, str]:
    """By code the names of countries (CLDR) in the language of the page."""
    return dict(Locale.parse(to_locale(language)).territories)  # a plain one: pages ask hundreds of times


class Category(models.Model):
    """A shelf by subject."""

    slug = models.SlugField(primary_key=True, max_length=20)
    position = models.PositiveSmallIntegerField()
    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> str:
        return str(CATEGORY_NAMES.get(self.slug, self.slug.capitalize()))


class Country(models.Model):
    """A shelf by the country where a source's home audience is."""

    iso = models.CharField(primary_key=True, max_length=2)

    class Meta:
        ordering = ["iso"]
        verbose_name_plural = "countries"

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The country's name in the language of the page."""
        return names_of_countries(get_language() or "en").get(self.iso, self.iso)
