import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0007_websub'),
    ]

    operations = [
        migrations.AddField(
            model_name='source',
            name='clutter_selector',
            field=models.CharField(blank=True, help_text='A CSS selector of what is no part of the article', max_length=300, verbose_name='what to leave out'),
        ),
        migrations.AddField(
            model_name='source',
            name='crawl_delay_seconds',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Seconds between two of its pages; empty: what its robots.txt asks for', null=True, verbose_name='crawl delay'),
        ),
        migrations.AddField(
            model_name='source',
            name='follower_count',
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name='followers'),
        ),
        migrations.AddField(
            model_name='source',
            name='mark',
            field=models.CharField(blank=True, editable=False, help_text="The source's icon, stored under this name", max_length=100),
        ),
        migrations.AddField(
            model_name='source',
            name='mark_after',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, help_text='When its icon is looked for next'),
        ),
        migrations.AddField(
            model_name='source',
            name='text_selector',
            field=models.CharField(blank=True, help_text="A CSS selector, where the extractor misses the article's text; empty: it finds it by itself", max_length=300, verbose_name='where the text is'),
        ),
    ]
