from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0008_source_rules'),
    ]

    operations = [
        migrations.AddField(
            model_name='feed',
            name='identity_by',
            field=models.CharField(choices=[('guid', 'the guid it gives'), ('link', "the item's address"), ('title', 'headline and day')], default='guid', editable=False, max_length=10),
        ),
        migrations.AlterField(
            model_name='entry',
            name='state',
            field=models.CharField(choices=[('new', 'page to be read'), ('ready', 'to be published'), ('published', 'published'), ('refused', 'can not be published'), ('gone', 'left the site; kept so that it does not come back')], default='new', max_length=10),
        ),
    ]
