"""Drops indexes for LIKE 'begin%', which no page asks of these columns: beside each stands the one that makes it unique."""

from django.db import migrations

DOUBLED = ("accounts_user_email_b2644a56_like", "accounts_user_name_key_ea81cca0_like")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_private_feeds")]

    operations = [migrations.RunSQL(f"DROP INDEX IF EXISTS {name}", migrations.RunSQL.noop) for name in DOUBLED]
