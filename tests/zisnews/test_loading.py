"""What each process loads: memory at rest is mostly modules, and one import in the wrong place brings dozens along."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WEB = "from zisnews.wsgi import application; from zisnews.warming import warm_up; warm_up()"
# What asks the outside, parses what it says, or draws: the work of workers.
NOT_FOR_THE_WEB = {
    "aiohttp", "yarl", "lxml", "feedparser", "charset_normalizer", "trafilatura", "justext", "courlan",
    "htmldate", "nh3", "PIL", "numpy", "py3langid", "protego", "tqdm", "urllib3",
    "feeds.fetching", "feeds.parsing", "feeds.extraction", "feeds.sanitising", "feeds.streaming",
}  # fmt: skip


def test_the_web_process_loads_nothing_that_only_workers_need(clean_environment: Callable[..., dict[str, str]]) -> None:
    code = f"{WEB}; import sys; print(*sys.modules)"
    environment = clean_environment(SECRET_KEY="x" * 50, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    loaded = set(done.stdout.split())
    assert {"feeds.admin.sources", "feeds.websub.views", "aggregator.views.front"} <= loaded
    assert sorted(loaded & NOT_FOR_THE_WEB) == []
