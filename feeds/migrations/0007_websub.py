import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0006_notices'),
    ]

    operations = [
        migrations.CreateModel(
            name='Push',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('content_type', models.CharField(blank=True, max_length=200)),
                ('body', models.BinaryField()),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'verbose_name_plural': 'pushes',
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hub_url', models.CharField(max_length=2000)),
                ('topic_url', models.CharField(max_length=2000)),
                ('token', models.CharField(help_text='The secret part of our address for the hub', max_length=64, unique=True)),
                ('secret', models.CharField(help_text='What the hub signs with', max_length=200)),
                ('state', models.CharField(choices=[('wanted', 'to be asked for'), ('asked', 'asked for, not confirmed yet'), ('active', 'active'), ('failed', 'refused or broken; asked for again later')], default='wanted', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('pushed_at', models.DateTimeField(blank=True, null=True, verbose_name='last push')),
                ('last_error', models.TextField(blank=True)),
            ],
        ),
        migrations.AddField(
            model_name='feed',
            name='hub_url',
            field=models.CharField(blank=True, editable=False, max_length=2000),
        ),
        migrations.AddField(
            model_name='feed',
            name='topic_url',
            field=models.CharField(blank=True, editable=False, max_length=2000),
        ),
        migrations.AddField(
            model_name='subscription',
            name='feed',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='subscription', to='feeds.feed'),
        ),
        migrations.AddField(
            model_name='push',
            name='subscription',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pushes', to='feeds.subscription'),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(models.F('next_try_at'), name='subscription_due'),
        ),
        migrations.AddIndex(
            model_name='push',
            index=models.Index(models.F('received_at'), name='push_waiting'),
        ),
    ]
