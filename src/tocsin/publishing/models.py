"""The tables of the public house. All in them is for the public, but for codes that wait for their appeal, and sums.

Nothing that was signed is changed: a correction is a new version, a retraction a row of its own. No row points into the
private house; what ties an appeal to its case is the code.
"""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q


class SignatoryKey(models.Model):
    """A key by which appeals are published, signed by who let its holder publish."""

    id = models.CharField(primary_key=True, max_length=32)
    holder = models.UUIDField()
    public = models.BinaryField(max_length=32)
    label = models.CharField(max_length=120)
    admitted_by = models.UUIDField()
    admission = models.BinaryField(max_length=64)
    admitted_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    sensitivity: ClassVar = {
        **dict.fromkeys("id public label retired_at".split(), "P0"),
        **dict.fromkeys("holder admitted_by admission admitted_at".split(), "P1"),
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["holder"], condition=Q(retired_at=None), name="one_key_a_signatory")
        ]


class CodeRegister(models.Model):
    """One row a scheme of codes: whoever gives out a code holds it for as long."""

    scheme = models.CharField(primary_key=True, max_length=41)

    sensitivity: ClassVar = {"scheme": "P0"}


class GivenCode(models.Model):
    """A code that was given out. `follow_up` is 0 in a first appeal; what a scheme does not have is null."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    scheme = models.CharField(max_length=41)
    printed = models.CharField(max_length=80)
    country = models.CharField(max_length=3, null=True)
    country_number = models.PositiveIntegerField(null=True)
    month = models.PositiveSmallIntegerField(null=True)
    year = models.PositiveSmallIntegerField()
    series = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    follow_up = models.PositiveSmallIntegerField(default=0)
    void = models.BooleanField(default=False)
    issued_on = models.DateField(null=True)
    given_at = models.DateTimeField()

    sensitivity: ClassVar = dict.fromkeys(
        "id scheme printed country country_number month year series number follow_up void issued_on given_at".split(),
        "P1",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "printed"], name="one_code_a_print"),
            models.UniqueConstraint(
                fields=["scheme", "series", "year", "number", "follow_up"], name="one_code_a_number"
            ),
            models.UniqueConstraint(
                fields=["scheme", "country", "year", "country_number"],
                condition=Q(follow_up=0),
                name="one_code_a_number_of_a_country",
            ),
        ]
        # Pages and rows name a code by its print alone, whatever its scheme.
        indexes: ClassVar = [models.Index(fields=["printed"], name="codes_by_print")]


class Publication(models.Model):
    """One version of an appeal, with the signatures that let it be published. It is never changed.

    `statement` is the whole as `tocsin.core.publication.to_file` writes it. It shows from `visible_from` on: the time
    of publication, or the end of its embargo.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    code = models.CharField(max_length=80)
    slug = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    supersedes = models.CharField(max_length=80, blank=True)
    statement = models.BinaryField()
    published_at = models.DateTimeField()
    visible_from = models.DateTimeField()

    sensitivity: ClassVar = dict.fromkeys(
        "id code slug version kind supersedes statement published_at visible_from".split(), "P0"
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["slug", "version"], name="one_publication_a_version")]
        # By its code what belongs to a chain is found, and by `supersedes` what followed on something.
        indexes: ClassVar = [
            models.Index(fields=["visible_from"], name="publications_by_time"),
            models.Index(fields=["code"], name="publications_by_code"),
            models.Index(fields=["supersedes"], name="publications_by_former"),
        ]


class PublishedRetraction(models.Model):
    """That an appeal was taken back, with its signatures. It is never changed."""

    slug = models.CharField(primary_key=True, max_length=80)
    code = models.CharField(max_length=80)
    statement = models.BinaryField()
    retracted_at = models.DateTimeField()

    sensitivity: ClassVar = dict.fromkeys("slug code statement retracted_at".split(), "P0")


class HeldBack(models.Model):
    """That a version was held back while it waited for its hour: it never shows, and a later one may. Never changed.

    Nobody signs it, since nothing is published by it; why it is held back is written in the private house alone.
    """

    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, primary_key=True)
    held_at = models.DateTimeField()

    sensitivity: ClassVar = dict.fromkeys("publication held_at".split(), "P1")


class PublishedDisavowal(models.Model):
    """That a key came into wrong hands, and what of it stays genuine, with its signatures. It is never changed."""

    key = models.CharField(primary_key=True, max_length=32)
    statement = models.BinaryField()
    disavowed_at = models.DateTimeField()

    sensitivity: ClassVar = dict.fromkeys("key statement disavowed_at".split(), "P0")


class Catalogue(models.Model):
    """One row: a number that grows with everything that is let in. Whoever lets something in holds it for as long.

    `hour` is what the site has come to (`hours`): nothing shows whose hour is later.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    hour = models.DateTimeField(null=True)

    sensitivity: ClassVar = dict.fromkeys("id number hour".split(), "P0")


class Shown(models.Model):
    """What the public sees under a code now: drawn from what was let in, to find and list it quickly.

    `place` is where it stands among all, the newest having the highest (`search.first_place`). `countries`,
    `violations` (of the headline), `acts` and `languages` are codes with a space before and behind each;
    `organisations` are folded names, one a line, and none of what was retracted. What is `archived` is old and no news.
    Nothing that is printed comes from here: a page is made of the signed bytes.
    """

    slug = models.CharField(primary_key=True, max_length=80)
    place = models.BigIntegerField(unique=True)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT)
    visible_from = models.DateTimeField()
    retracted_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=20)
    issued_on = models.DateField(null=True)
    countries = models.CharField(max_length=400)
    violations = models.CharField(max_length=2000)
    acts = models.CharField(max_length=4000)
    organisations = models.TextField()
    languages = models.CharField(max_length=400)
    archived = models.BooleanField(default=False)

    sensitivity: ClassVar = dict.fromkeys(
        "slug place publication visible_from retracted_at kind issued_on countries violations acts "
        "organisations languages archived".split(),
        "P0",
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["visible_from"], name="shown_by_time")]


class ShownWords(models.Model):
    """The words of all editions of what is shown, folded, with a space between; gone with a retraction.

    The key is the place of the appeal, so that an index of words gives what it finds in the order of the list.
    """

    place = models.BigIntegerField(primary_key=True)
    words = models.TextField()

    sensitivity: ClassVar = dict.fromkeys("place words".split(), "P0")


class FinishedFile(models.Model):
    """A file of an edition as it was made of what was signed, by one version of the program (`made_by`).

    Made again wherever it is missing, and believed by its `seal` alone. Gone as soon as its version is not shown.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT)
    language = models.CharField(max_length=35)
    form = models.CharField(max_length=10)
    made_by = models.CharField(max_length=64)
    content = models.BinaryField()
    seal = models.CharField(max_length=64)

    sensitivity: ClassVar = dict.fromkeys("id publication language form made_by content seal".split(), "P0")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["publication", "language", "form"], name="one_finished_file_a_form")
        ]
        indexes: ClassVar = [models.Index(fields=["made_by", "publication"], name="finished_by_program")]


class Defender(models.Model):
    """Somebody whom an appeal that is shown names as a defender; gone when none does. The id is drawn, of no name."""

    id = models.CharField(primary_key=True, max_length=32)

    sensitivity: ClassVar = {"id": "P0"}


class Naming(models.Model):
    """That an edition of what is shown names a defender; `words` is her name in it, folded.

    Nothing that is printed comes from here either: a page prints a name of the signed bytes.
    """

    shown = models.ForeignKey(Shown, on_delete=models.CASCADE)
    defender = models.ForeignKey(Defender, on_delete=models.CASCADE)
    language = models.CharField(max_length=35)
    words = models.CharField(max_length=200, db_index=True)

    sensitivity: ClassVar = dict.fromkeys("id shown defender language words".split(), "P0")


class ToldActions(models.Model):
    """How many actions readers told on a day: of one appeal, to one addressee, by one channel."""

    slug = models.CharField(max_length=80)
    day = models.DateField()
    number = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=20)
    actions = models.PositiveIntegerField(default=0)

    sensitivity: ClassVar = dict.fromkeys("id slug day number channel actions".split(), "P1")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "day", "number", "channel"], name="one_sum_a_day_and_channel")
        ]


class LastTold(models.Model):
    """The last day on which readers told actions because of an appeal."""

    slug = models.CharField(primary_key=True, max_length=80)
    day = models.DateField()

    sensitivity: ClassVar = dict.fromkeys("slug day".split(), "P1")


class ToldCountry(models.Model):
    """How many actions because of an appeal readers told from a country, however; `settled` before `LastTold.day`."""

    slug = models.CharField(max_length=80)
    country = models.CharField(max_length=3)
    actions = models.PositiveIntegerField(default=0)
    settled = models.PositiveIntegerField(default=0)

    sensitivity: ClassVar = dict.fromkeys("id slug country actions settled".split(), "P1")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["slug", "country"], name="one_sum_a_country")]


class ConfirmedReplies(models.Model):
    """How many replies of authorities to an appeal people of the desk confirmed on a day.

    `office` is the first way that the appeal prints of whom they came from, a mail address if it prints one, where
    readers may learn that.
    """

    slug = models.CharField(max_length=80)
    day = models.DateField()
    office = models.CharField(max_length=254, blank=True)
    replies = models.PositiveIntegerField()

    sensitivity: ClassVar = dict.fromkeys("id slug day office replies".split(), "P1")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "day", "office"], name="one_sum_of_replies_a_day_and_office")
        ]
