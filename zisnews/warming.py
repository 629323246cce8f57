"""What is loaded before web processes part and take requests: every address with its view, and the templates of pages.

Left to the first requests that takes a second of each process, in which whoever comes meanwhile waits. Asks neither
Postgres nor Redis, which may still be starting.
"""

import gc

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver

NOT_FOR_READERS = {"admin", "styleguide"}  # few ever see them


def warm_up() -> None:
    """Load it, and let the collector of garbage look through none of it ever again: that held up all threads."""
    get_resolver().reverse_dict  # noqa: B018  reads all modules of addresses, and the views they name
    folder = settings.BASE_DIR / "templates"
    for file in folder.rglob("*.html"):
        name = file.relative_to(folder)
        if name.parts[0] not in NOT_FOR_READERS:
            get_template(name.as_posix())
    gc.collect()
    gc.freeze()
