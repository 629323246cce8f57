"""Drops indexes for LIKE 'begin%', which nothing asks of these columns: beside each stands the one that makes it unique."""

from django.db import migrations

DOUBLED = (
    "aggregator_documentfrequency_term_e03c41fc_like",
    "aggregator_namevariants_key_7427737f_like",
    "aggregator_usualwords_language_f0f90bfc_like",
)


class Migration(migrations.Migration):
    dependencies = [("aggregator", "0035_tellers_from_an_index")]

    operations = [migrations.RunSQL(f"DROP INDEX IF EXISTS {name}", migrations.RunSQL.noop) for name in DOUBLED]
