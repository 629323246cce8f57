from django.db import migrations


class Migration(migrations.Migration):
    """Vectors of before are carried over as they are: whoever reads a profile takes a bare vector for one."""

    dependencies = [
        ("aggregator", "0024_story_versions"),
    ]

    operations = [
        migrations.RenameField("story", "centroid", "profile"),
    ]
