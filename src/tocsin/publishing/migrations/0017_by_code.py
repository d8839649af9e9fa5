"""Find what was published by its code, and by what it followed on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0016_hour")]
    operations = [
        migrations.AddIndex("givencode", models.Index(fields=["printed"], name="codes_by_print")),
        migrations.AddIndex("publication", models.Index(fields=["code"], name="publications_by_code")),
        migrations.AddIndex("publication", models.Index(fields=["supersedes"], name="publications_by_former")),
    ]
