"""What we publish: Story and Article, and the QuerySets every page speaks."""

from aggregator.models.about import About, AboutCount
from aggregator.models.arranging import CountedTerms, KeptApart, KeptTogether, StoryChange, StoryPass, StoryTerm
from aggregator.models.articles import Article, ArticleQuerySet
from aggregator.models.comparisons import Furniture, KeptComparison, NameVariants, UsualTelling, UsualWords
from aggregator.models.follows import FollowedStory
from aggregator.models.kept import ReadUpTo, Saved, Visit
from aggregator.models.learned import CategoryModel, DocumentFrequency
from aggregator.models.rankings import KeptRanking
from aggregator.models.records import Headline, Tombstone, TombstoneQuerySet
from aggregator.models.search_documents import SearchDocument
from aggregator.models.stories import Story, Storyline, StoryQuerySet

__all__ = [
    "About",
    "AboutCount",
    "Article",
    "ArticleQuerySet",
    "CategoryModel",
    "CountedTerms",
    "DocumentFrequency",
    "FollowedStory",
    "Furniture",
    "Headline",
    "KeptApart",
    "KeptComparison",
    "KeptRanking",
    "KeptTogether",
    "NameVariants",
    "ReadUpTo",
    "Saved",
    "SearchDocument",
    "Story",
    "StoryChange",
    "StoryPass",
    "StoryQuerySet",
    "StoryTerm",
    "Storyline",
    "Tombstone",
    "TombstoneQuerySet",
    "UsualTelling",
    "UsualWords",
    "Visit",
]
