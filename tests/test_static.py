"""What every page brings along: its weight, and what it must not hold."""

import gzip
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

from feeds.models import CATEGORY_NAMES
from zisnews.staticfiles import HashedStaticFilesStorage, shortened

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
NOT_FOR_READERS = {
    "admin.css",
    "moderation.css",
    "moderation.js",
    "preview.css",
    "styleguide.css",
}  # curators and developers load these


@pytest.fixture
def collected(tmp_path, settings) -> HashedStaticFilesStorage:
    """The storage that pages are served from, filled as `collectstatic` fills it."""
    settings.STATIC_ROOT, settings.WHITENOISE_KEEP_ONLY_HASHED_FILES = tmp_path, False
    storage = HashedStaticFilesStorage(location=tmp_path)
    paths = {}
    for folder in ("css", "js", "fonts", "icons"):
        for path in (STATIC / folder).iterdir():
            name = f"{folder}/{path.name}"
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(path.read_bytes())
            paths[name] = (FileSystemStorage(location=STATIC), name)
    for _original, _hashed, processed in storage.post_process(paths):
        assert not isinstance(processed, Exception), processed
    return storage


def test_all_styles_and_scripts_that_a_reader_may_load_stay_light(collected):
    """At most 30 kB of each, compressed, over all pages together: zis.css holds what every page loads."""
    whole = collected.stored_name("css/zis.css").removeprefix("css/")
    parts = set(re.findall(r'@import "([\w.-]+)"', (STATIC / "css" / "zis.css").read_text(encoding="utf-8")))
    others = {path.name for path in STATIC.glob("css/*.css")} - parts - NOT_FOR_READERS - {"zis.css"}
    styles = [whole, *(collected.stored_name(f"css/{name}").removeprefix("css/") for name in others)]
    assert 0 < compressed(Path(collected.location) / "css", styles) <= 30_000
    assert (
        0
        < compressed(STATIC / "js", sorted({path.name for path in STATIC.glob("js/*.js")} - NOT_FOR_READERS))
        <= 30_000
    )


def compressed(folder: Path, names: list[str]) -> int:
    return sum(len(gzip.compress((folder / name).read_bytes(), 9)) for name in names)


def test_all_typefaces_together_weigh_at_most_120_kilobytes():
    assert 0 < sum(path.stat().st_size for path in STATIC.glob("fonts/*.woff2")) <= 120_000


def test_each_file_of_letters_is_a_family_of_its_own():
    """In one family a face that is not there yet makes a browser lay out every text anew when it comes."""
    faces = (STATIC / "css" / "fonts.css").read_text(encoding="utf-8").split("@font-face")
    families = [face.split('"')[1] for face in faces if "url(" in face]
    assert len(families) == len(set(families)) == len(list(STATIC.glob("fonts/*.woff2")))
    named = (STATIC / "css" / "base.css").read_text(encoding="utf-8")
    assert all(f'"{family}"' in named for family in families)


@pytest.mark.parametrize("folder", ["fonts", "flags"])
def test_what_others_made_comes_with_its_licence(folder):
    assert list((STATIC / folder).glob("*LICENSE.txt"))


def test_no_template_holds_inline_style_or_script():
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        inline = r"""\sstyle=|<style|\son[a-z]+="|javascript:|<script(?! src=| type="application/ld\+json">)"""
        assert not re.search(inline, text), path


def test_every_file_a_template_asks_for_is_there():
    for path in TEMPLATES.rglob("*.html"):
        for name in re.findall(r"{% static '([^']+)' %}", path.read_text(encoding="utf-8")):
            assert finders.find(name), f"{path}: {name}"


def test_every_icon_a_template_shows_is_in_the_sprite():
    sprite = (STATIC / "icons" / "sprite.svg").read_text(encoding="utf-8")
    for path in TEMPLATES.rglob("*.html"):
        for name in re.findall(r"sprite\.svg' %}#([\w-]+)", path.read_text(encoding="utf-8")):
            assert f'id="{name}"' in sprite, f"{path}: {name}"


def test_no_style_or_script_reaches_outside():
    for path in [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")]:
        assert not re.search(
            r"https?://|//[a-z]+\.[a-z]", re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.M)
        ), path


def test_collected_modules_and_styles_name_each_other_by_their_hashes(collected, tmp_path):
    script = (tmp_path / collected.stored_name("js/zis.js")).read_text(encoding="utf-8")
    assert len(re.findall(r'(?:from |import\()"\./[a-z]+\.[0-9a-f]{12}\.js"', script)) == script.count("import")
    style = (tmp_path / collected.stored_name("css/zis.css")).read_text(encoding="utf-8")
    assert "@import" not in style
    assert "--paper" in style and "@media print" in style
    assert re.search(r"zis-serif-latin\.[0-9a-f]{12}\.woff2", style)


def test_collected_styles_hold_no_comments_and_no_blanks_that_part_nothing(collected, tmp_path):
    whole = (tmp_path / collected.stored_name("css/zis.css")).read_text(encoding="utf-8")
    assert "/*" not in whole and "\n" not in whole
    assert ".page{max-inline-size: 78rem;" in whole and ".masthead .page{display: flex" in whole


def test_what_is_said_in_a_style_sheet_stays_as_it_is_when_blanks_are_left_out():
    style = """a { color : red; } /* not { blue */ b::before , i > b { content: " ; /* } "; }"""
    assert shortened(style) == """a{color : red}b::before,i > b{content: " ; /* } "}"""


@pytest.mark.parametrize("sheet", ["flags/flags.svg", "icons/sprite.svg"])
def test_a_sheet_of_drawings_is_no_drawing_itself(sheet):
    """A browser would lay out all of it, on every page."""
    hidden = next(iter(ElementTree.parse(STATIC / sheet).getroot()))
    assert hidden.get("display") == "none" and len(hidden) > 20


def test_no_category_is_named_like_a_section_of_the_navigation():
    assert not {"front", "latest", "country", "source"} & set(CATEGORY_NAMES)
