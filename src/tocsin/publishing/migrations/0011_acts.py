"""Keep of what is shown which types of acts it tells, and the organisations that suffered them: they are counted."""

from django.db import migrations, models

from tocsin.core.errors import BadPublication
from tocsin.core.publication import PublicAppeal, from_file
from tocsin.publishing import suffering


def fill(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    for row in apps.get_model("publishing", "Shown").objects.select_related("publication").iterator(100):
        try:
            appeal = from_file(bytes(row.publication.statement))
        except BadPublication:
            # It was put there past the signatures, and is shown nowhere.
            continue
        if isinstance(appeal, PublicAppeal):
            row.acts = "".join(f" {code} " for code in suffering.types_of_acts(appeal))
            row.organisations = "" if row.retracted_at else "\n".join(suffering.organisations(appeal))
            row.save(update_fields=["acts", "organisations"])


class Migration(migrations.Migration):
    dependencies = [("publishing", "0010_record")]
    operations = [
        migrations.AddField("shown", "acts", models.CharField(max_length=4000, default=""), preserve_default=False),
        migrations.AddField("shown", "organisations", models.TextField(default=""), preserve_default=False),
        migrations.RunPython(fill),
    ]
