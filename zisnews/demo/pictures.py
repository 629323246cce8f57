"""The world's illustrations and site icons: drawn, not photographed, the same for the same name. Pure."""

from hashlib import sha256
from io import BytesIO

import numpy as np
from PIL import Image

from zisnews.demo.chance import dice
from zisnews.demo.painting import HEIGHT, PALETTES, WIDTH, Canvas, distance_from, rgb
from zisnews.demo.publishers import Publisher
from zisnews.demo.scenes import SCENES, SCENES_OF_CATEGORY
from zisnews.demo.world import Motif

MAX_BYTES = 150_000
ICON_SIZE = 128


def illustration(motif: Motif, name: str) -> bytes:
    """Draw a picture of 1280 × 800 as a JPEG of at most 150 kB.

    The tellings of a story share its scene or its scene's neighbour; light, colours and shapes follow from the name.
    """
    chance = dice("picture", name)
    candidates = SCENES_OF_CATEGORY[motif.category]
    place = dice("scene", motif.story).randrange(len(candidates)) + (chance.random() < 0.4)
    scene = motif.scene or candidates[place % len(candidates)]
    draw, palettes = SCENES[scene]
    seed = int(sha256(name.encode()).hexdigest()[:16], 16)
    canvas = Canvas(PALETTES[chance.choice(palettes)], np.random.default_rng(seed))
    draw(canvas)
    finish(canvas)
    return jpeg(canvas)


def finish(canvas: Canvas) -> None:
    """Give the picture one light, darker corners and a paper's grain."""
    light = (canvas.between(0.2, 0.8) * WIDTH, canvas.between(0, 0.4) * HEIGHT)
    canvas.glow(light, 700, canvas.palette.light, 0.16)
    corner = np.clip(distance_from((WIDTH / 2, HEIGHT / 2)) / 1000 - 0.35, 0, 1)
    canvas.pixels *= (1 - corner * 0.45)[:, :, None]
    coarse = canvas.chance.normal(0, 1, (HEIGHT // 2, WIDTH // 2)).astype(np.float32)
    canvas.pixels += (np.kron(coarse, np.ones((2, 2), dtype=np.float32)) * np.float32(0.012))[:, :, None]


def jpeg(canvas: Canvas) -> bytes:
    """Encode, as well as the size allows."""
    image = Image.fromarray((np.clip(canvas.pixels, 0, 1) * 255).astype(np.uint8))
    for quality in (84, 76, 68, 58, 46, 34):
        file = BytesIO()
        image.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
        if file.tell() <= MAX_BYTES:
            break
    return file.getvalue()


def icon(publisher: Publisher) -> bytes:
    """Draw a site icon: a PNG of 128 × 128 in the publisher's colour, its device following from its name."""
    chance = np.random.default_rng(int(sha256(publisher.slug.encode()).hexdigest()[:16], 16))
    ground, paper = rgb(publisher.colour), rgb("#fdfaf3")
    rows, columns = np.mgrid[0 : ICON_SIZE * 4, 0 : ICON_SIZE * 4] / (ICON_SIZE * 4) - 0.5
    distance, angle = np.hypot(rows, columns), np.arctan2(rows, columns)
    devices = [
        (distance < 0.34) & (distance > 0.2),
        (np.abs(columns) + np.abs(rows) < 0.36) & (np.abs(columns) + np.abs(rows) > 0.16),
        (distance < 0.36) & (np.sin(angle * int(chance.integers(3, 9))) > 0),
        (distance < 0.36) & (np.abs((rows * 8) % 1 - 0.5) < 0.28),
        (distance < 0.36) & (columns > np.sin(rows * 9) * 0.08),
        (np.abs(rows) < 0.34) & (np.abs((columns * 6) % 1 - 0.5) < 0.25 + rows / 3) & (np.abs(columns) < 0.34),
    ]
    device = devices[int(chance.integers(len(devices)))]
    shade = (1 - 0.25 * (rows + 0.5))[:, :, None]
    picture = np.where(device[:, :, None], paper, ground * shade)
    image = Image.fromarray((picture * 255).astype(np.uint8)).resize((ICON_SIZE, ICON_SIZE), Image.Resampling.LANCZOS)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
