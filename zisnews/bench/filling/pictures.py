"""What invented articles show: a few drawn pictures, one for each category, which many articles share."""

from dataclasses import dataclass

from django.core.files.storage import default_storage

from feeds.files import keep_file
from feeds.pictures import WIDTHS, shrink

FOLDER = "pictures/fill"
WIDTH, HEIGHT = 1280, 800  # what the painter of the demonstration world draws
CATEGORY_WITHOUT_SCENE = {"general": "world"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored picture, as an article's row tells of it (Article.picture)."""

    name: str
    width: int
    height: int
    colour: str


def picture_of(category: str) -> Picture:
    """The picture of a category; drawn and stored in all widths where it is missing."""
    name = f"{FOLDER}/{category}"
    paths = {width: f"{name}-{width}.webp" for width in WIDTHS}
    if all(map(default_storage.exists, paths.values())):
        with default_storage.open(paths[WIDTHS[0]]) as file:
            return Picture(name, WIDTH, HEIGHT, shrink(file.read(), WIDTHS[:1]).colour)
    shrunk = shrink(drawn(category))
    for width, body in shrunk.by_width.items():
        keep_file(paths[width], body)
    return Picture(name, WIDTH, HEIGHT, shrunk.colour)


def drawn(category: str) -> bytes:
    """A picture as a publisher would send it, by the painter of the demonstration world."""
    from zisnews.demo.pictures import illustration  # noqa: PLC0415  numpy, only where something is drawn
    from zisnews.demo.world import Motif  # noqa: PLC0415

    return illustration(Motif("fill", CATEGORY_WITHOUT_SCENE.get(category, category)), f"fill/{category}")
