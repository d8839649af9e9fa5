"""Give each appeal its place in the list, and keep its words under it, with the marks that narrow a search."""

from collections import defaultdict

from django.db import migrations, models

from tocsin.publishing import search

# It keeps no second copy of the words; what comes and goes it is told by `publishing/search.py`: a trigger may not,
# since this database trusts nothing that stands in its own schema.
_SQLITE = (
    "CREATE VIRTUAL TABLE publishing_words USING fts5(words, content='publishing_shownwords', content_rowid='place', "
    "tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* Co'\", prefix='1 2 3', detail='none')",
    "INSERT INTO publishing_words(rowid, words) SELECT place, words FROM publishing_shownwords",
)
_POSTGRESQL = (
    "CREATE INDEX publishing_words ON publishing_shownwords USING gin (array_to_tsvector(string_to_array(words, ' '))) "
    "WITH (fastupdate = off)",
)
# The words lie beside their rows, so that a search which finds most appeals passes over a hundred pages, not thousands.
_WORDS_ASIDE = "ALTER TABLE publishing_shownwords SET (toast_tuple_target = 128)"


def drop_index(apps, schema_editor):
    if schema_editor.connection.alias == "default":
        kind = "TABLE" if schema_editor.connection.vendor == "sqlite" else "INDEX"
        schema_editor.execute(f"DROP {kind} publishing_words")


def place(apps, schema_editor):
    """Place everything in the order of the list so far, and gather the words of all editions of an appeal."""
    if schema_editor.connection.alias != "default":
        return
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_WORDS_ASIDE)
    words = defaultdict(list)
    languages = defaultdict(list)
    for row in apps.get_model("publishing", "EditionWords").objects.order_by("shown_id", "id"):
        words[row.shown_id] += row.words.split()
        languages[row.shown_id].append(row.language)
    kept = apps.get_model("publishing", "ShownWords").objects
    last = -1
    oldest_first = models.F("issued_on").asc(nulls_first=True), "visible_from", "-slug"
    for row in apps.get_model("publishing", "Shown").objects.order_by(*oldest_first).iterator():
        row.place = last = max(last + 1, search.first_place(row.issued_on, row.visible_from)[0])
        row.languages = "".join(f" {tag} " for tag in languages[row.slug])
        row.save(update_fields=["place", "languages"])
        if row.slug in words:
            marks = search.marks(row.countries.split(), row.issued_on.year if row.issued_on else None, row.kind)
            kept.create(place=row.place, words=" ".join(dict.fromkeys([*words[row.slug], *marks])))


def index(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    for statement in _SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0006_archived")]
    operations = [
        migrations.RunPython(drop_index),
        migrations.RemoveIndex(model_name="shown", name="shown_newest_first"),
        migrations.AddField(model_name="shown", name="place", field=models.BigIntegerField(null=True)),
        migrations.AddField(
            model_name="shown",
            name="languages",
            field=models.CharField(max_length=400, default=""),
            preserve_default=False,
        ),
        migrations.RenameModel("ShownWords", "EditionWords"),
        migrations.CreateModel(
            name="ShownWords",
            fields=[
                ("place", models.BigIntegerField(primary_key=True, serialize=False)),
                ("words", models.TextField()),
            ],
        ),
        migrations.RunPython(place),
        migrations.DeleteModel("EditionWords"),
        migrations.AlterField(model_name="shown", name="place", field=models.BigIntegerField(unique=True)),
        migrations.AddIndex(model_name="shown", index=models.Index(fields=["visible_from"], name="shown_by_time")),
        migrations.RunPython(index),
    ]
