from django.db import migrations, models

from accounts.display_names import name_key


def key_names(apps, schema_editor):
    """Give each name its key; of two that read alike the later one gets its reader's number."""
    User = apps.get_model("accounts", "User")
    taken = set()
    for user in User.objects.exclude(display_name="").order_by("pk").iterator():
        if name_key(user.display_name) in taken:
            user.display_name = f"{user.display_name[:40]} {user.pk}"
        user.name_key = name_key(user.display_name)
        taken.add(user.name_key)
        user.save(update_fields=["display_name", "name_key"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_follows")]

    operations = [
        migrations.AddField(
            model_name="user", name="name_key", field=models.TextField(editable=False, null=True, unique=True)
        ),
        migrations.AddField(
            model_name="user", name="session_round", field=models.PositiveIntegerField(default=0, editable=False)
        ),
        migrations.RunPython(key_names, migrations.RunPython.noop),
    ]
