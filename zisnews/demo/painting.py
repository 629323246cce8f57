"""Brushes for the world's pictures: skies, ridges, masks, light. Pixels: floats 0–1 of (height, width, 3)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1280, 800
SMOOTHING = 2  # shapes are drawn this many times as large, then shrunk, which softens their edges

Pixels = NDArray[np.float32]
Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Palette:
    """Seven colours, "#rrggbb": the sky from top to horizon, its light, three depths, one accent."""

    sky: str
    horizon: str
    light: str
    far: str
    middle: str
    near: str
    accent: str


PALETTES = {
    "dusk": Palette("#1b2a49", "#e0876a", "#ffd9a0", "#7a5c7c", "#4a3f63", "#221f3b", "#f4a259"),
    "dawn": Palette("#8fb8d8", "#f6d5c4", "#fff1d6", "#9fb4c4", "#5f7f95", "#2c4a5e", "#e76f51"),
    "northern": Palette("#0d2b3e", "#3c8d93", "#d8f3dc", "#2f6f77", "#1d4d59", "#0b2530", "#f2cc8f"),
    "desert": Palette("#dfb98c", "#f6e6cb", "#fff7e6", "#d19a66", "#a8633f", "#5c3324", "#2a9d8f"),
    "forest": Palette("#b9d4c3", "#f0f3e0", "#ffffff", "#8fb59a", "#4f7f66", "#1f4236", "#d98e32"),
    "ink": Palette("#e6dfd0", "#f6f1e6", "#ffffff", "#b9b3a6", "#6d6a66", "#23252b", "#c8412f"),
    "violet": Palette("#241a46", "#8d5a97", "#f7c5cc", "#6a4c93", "#412e6b", "#1b1336", "#ffca3a"),
    "sea": Palette("#9fcfdd", "#eaf6f2", "#ffffff", "#6fb1c0", "#2e7f95", "#0f4257", "#ef7b45"),
    "rose": Palette("#e9b0ad", "#fbe9df", "#fffaf2", "#cf8d8d", "#8d4f5c", "#3f2433", "#356d7a"),
    "night": Palette("#070b1d", "#1d2b57", "#9fb8ff", "#26386b", "#16224a", "#080d22", "#f7d154"),
}


def empty_pixels() -> Pixels:
    """A black picture, each of its colours in one piece of memory: painting goes colour by colour."""
    return np.zeros((3, HEIGHT, WIDTH), dtype=np.float32).transpose(1, 2, 0)


def rgb(colour: str) -> Pixels:
    """Read "#rrggbb"."""
    return np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)], dtype=np.float32)


def blend(first: str, second: str, share: float) -> Pixels:
    return rgb(first) * np.float32(1 - share) + rgb(second) * np.float32(share)


@dataclass(slots=True)
class Canvas:
    """A picture in the making, its palette and its chance."""

    palette: Palette
    chance: np.random.Generator
    pixels: Pixels = field(default_factory=empty_pixels)

    def between(self, least: float, greatest: float) -> float:
        return float(self.chance.uniform(least, greatest))

    def count(self, least: int, greatest: int) -> int:
        return int(self.chance.integers(least, greatest + 1))

    def wash(self, top: str, bottom: str, *, bend: float = 1.0) -> None:
        """Fill with a vertical gradient; a bend above 1 keeps the top colour longer."""
        share = (np.linspace(0, 1, HEIGHT, dtype=np.float32) ** bend)[:, None, None]
        self.pixels[:] = rgb(top) * (1 - share) + rgb(bottom) * share

    def sky(self) -> None:
        """The palette's sky with thin clouds in it."""
        self.wash(self.palette.sky, self.palette.horizon, bend=self.between(0.8, 1.5))
        clouds = stretched_noise(self.chance, across=4, down=18)
        self.lay(np.clip(clouds - 0.55, 0, 1) * 0.9, self.palette.light)

    def lay(self, mask: Pixels, colour: str | Pixels, strength: float = 1.0) -> None:
        """Cover with a colour where the mask (height, width; 0–1) says."""
        cover(self.pixels, mask, colour, strength)

    def glow(self, at: Point, radius: float, colour: str, strength: float = 1.0) -> None:
        """Add light that falls off from a point."""
        distance = distance_from(at) / np.float32(radius)
        light = np.exp(-(distance**2)) * np.float32(strength)
        for place, amount in enumerate(rgb(colour)):
            channel = self.pixels[:, :, place]
            channel += (1 - channel) * light * amount

    def polygon(self, points: Iterable[Point], colour: str | Pixels, strength: float = 1.0) -> None:
        """Fill an outline, working only on the part of the picture it covers."""
        corners = list(points)
        left, top = (int(min(corner[axis] for corner in corners)) - 1 for axis in (0, 1))
        right, bottom = (int(max(corner[axis] for corner in corners)) + 2 for axis in (0, 1))
        rows, columns = window(left, top, right, bottom)
        part = self.pixels[rows, columns]
        if not part.size:
            return
        image = Image.new("L", (part.shape[1] * SMOOTHING, part.shape[0] * SMOOTHING))
        shifted = [((x - columns.start) * SMOOTHING, (y - rows.start) * SMOOTHING) for x, y in corners]
        ImageDraw.Draw(image).polygon(shifted, fill=255)
        mask = np.asarray(image.reduce(SMOOTHING), dtype=np.float32) / np.float32(255)
        cover(part, mask, colour, strength)

    def strokes(
        self, lines: Iterable[list[Point]], colour: str | Pixels, *, width: float = 2, strength: float = 1.0
    ) -> None:
        """Draw open lines through their points, all with one pen."""
        paths = list(lines)

        def draw(pen: ImageDraw.ImageDraw, scale: float) -> None:
            for path in paths:
                points = [(x * scale, y * scale) for x, y in path]
                pen.line(points, fill=255, width=max(1, round(width * scale)), joint="curve")

        self.lay(mask_of(draw), colour, strength)

    def boxes(self, boxes: Iterable[Box], colour: str | Pixels, strength: float = 1.0) -> None:
        """Fill rectangles (left, top, right, bottom), all in one colour."""
        sides = list(boxes)

        def draw(pen: ImageDraw.ImageDraw, scale: float) -> None:
            for left, top, right, bottom in sides:
                pen.rectangle((left * scale, top * scale, right * scale, bottom * scale), fill=255)

        self.lay(mask_of(draw), colour, strength)

    def disc(self, at: Point, radius: float, colour: str | Pixels, strength: float = 1.0) -> None:
        rows, columns = around(at, radius)
        distance = np.hypot(COLUMNS[rows, columns] - np.float32(at[0]), ROWS[rows, columns] - np.float32(at[1]))
        cover(self.pixels[rows, columns], np.clip(np.float32(radius) - distance + 0.5, 0, 1), colour, strength)


def cover(part: Pixels, mask: Pixels, colour: str | Pixels, strength: float = 1.0) -> None:
    """Cover a part of a picture with a colour where the mask (of the part's height and width; 0–1) says."""
    paint = rgb(colour) if isinstance(colour, str) else colour
    share = mask if strength == 1 else mask * np.float32(strength)
    for place in range(3):
        channel = part[:, :, place]
        channel += (paint[place] - channel) * share


def window(left: int, top: int, right: int, bottom: int) -> tuple[slice, slice]:
    """The rows and columns of a box, as far as they are in the picture."""
    return (
        slice(min(max(top, 0), HEIGHT), min(max(bottom, 0), HEIGHT)),
        slice(min(max(left, 0), WIDTH), min(max(right, 0), WIDTH)),
    )


def around(at: Point, radius: float) -> tuple[slice, slice]:
    """The rows and columns of the square about a point."""
    x, y, reach = int(at[0]), int(at[1]), int(radius) + 3
    return window(x - reach, y - reach, x + reach, y + reach)


def mask_of(draw: Callable[[ImageDraw.ImageDraw, float], None]) -> Pixels:
    """Draw shapes into a mask with soft edges."""
    image = Image.new("L", (WIDTH * SMOOTHING, HEIGHT * SMOOTHING))
    draw(ImageDraw.Draw(image), SMOOTHING)
    return np.asarray(image.reduce(SMOOTHING), dtype=np.float32) / np.float32(255)


ROWS, COLUMNS = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)


def distance_from(at: Point) -> Pixels:
    """Distance of each pixel from a point."""
    return np.hypot(COLUMNS - np.float32(at[0]), ROWS - np.float32(at[1]))


def stretched_noise(chance: np.random.Generator, *, across: int, down: int, octaves: int = 4) -> Pixels:
    """Smooth noise 0–1 over the picture, beginning with a grid of across × down."""
    total = np.zeros((HEIGHT, WIDTH), dtype=np.float32)
    for octave in range(octaves):
        grid = chance.random((down * 2**octave + 1, across * 2**octave + 1), dtype=np.float32)
        layer = Image.fromarray(grid).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        total += np.asarray(layer, dtype=np.float32) / np.float32(2**octave)
    total -= total.min()
    return total / total.max()


def ridge(chance: np.random.Generator, *, peaks: int, roughness: float = 0.5, octaves: int = 6) -> Pixels:
    """A skyline of hills, one height 0–1 for each column."""
    columns = np.linspace(0, 1, WIDTH, dtype=np.float32)
    total = np.zeros(WIDTH, dtype=np.float32)
    for octave in range(octaves):
        points = peaks * 2**octave + 2
        heights = chance.random(points, dtype=np.float32)
        place = np.linspace(0, 1, points, dtype=np.float32)
        total += np.interp(columns, place, heights).astype(np.float32) * np.float32(roughness**octave)
    total -= total.min()
    return total / total.max()


def below(line: Pixels) -> Pixels:
    """The mask of everything under a line (row for each column)."""
    return np.clip(ROWS - line[None, :], 0, 1)
