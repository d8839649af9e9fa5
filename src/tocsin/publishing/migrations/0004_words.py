"""Let both databases find an edition by the beginnings of its words, which come folded and with a space between."""

from django.db import migrations

# It keeps no second copy of the words; what comes and goes it is told by `publishing/search.py`: a trigger may not,
# since this database trusts nothing that stands in its own schema.
_SQLITE = [
    "CREATE VIRTUAL TABLE publishing_words USING fts5(words, content='publishing_shownwords', content_rowid='id', "
    "tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* Co'\", prefix='2 3', detail='none')",
]
_POSTGRESQL = [
    "CREATE INDEX publishing_words ON publishing_shownwords USING gin (array_to_tsvector(string_to_array(words, ' ')))",
]


def index(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    for statement in _SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0003_shown")]
    operations = [migrations.RunPython(index)]
