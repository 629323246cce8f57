"""Error pages stand even where the database is the trouble."""

import pytest
from django.template import loader


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_an_error_page_stands_alone_and_leads_back(status):
    # no database mark: a query would fail the test
    page = loader.render_to_string(f"errors/{status}.html", {"message": "What happened <here>"})

    assert "What happened &lt;here&gt;" in page
    assert '<a class="button primary" href="/">' in page
    assert page.count("<h1") == 1
