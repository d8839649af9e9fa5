"""The hour that the public site has come to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0015_finished_files")]
    operations = [migrations.AddField("catalogue", "hour", models.DateTimeField(null=True))]
