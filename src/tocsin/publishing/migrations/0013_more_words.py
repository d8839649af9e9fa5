"""Let what is shown be found by its closing requests, contacts and places of issue too."""

from typing import ClassVar

from django.db import migrations

from tocsin.core.errors import BadPublication
from tocsin.core.publication import PublicAppeal, from_file
from tocsin.publishing import search, shelf


def gather(apps, schema_editor):
    """Gather the words of what is found so far anew, from what was signed."""
    if schema_editor.connection.alias != "default":
        return
    kept = apps.get_model("publishing", "ShownWords").objects
    for row in apps.get_model("publishing", "Shown").objects.select_related("publication").iterator(100):
        try:
            appeal = from_file(bytes(row.publication.statement))
        except BadPublication:
            # It was put there past the signatures, and is shown nowhere.
            continue
        if isinstance(appeal, PublicAppeal):
            # What was retracted has no words, and gets none.
            kept.filter(place=row.place).update(words=shelf.words(row, appeal))
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(search.REBUILD)


class Migration(migrations.Migration):
    """As above."""

    dependencies: ClassVar = [("publishing", "0012_offices")]
    operations: ClassVar = [migrations.RunPython(gather)]
