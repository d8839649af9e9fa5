"""Every field of every table is classed; what is private is sealed; the key store is apart."""

import pytest
from django.apps import apps
from django.db import connections, models

from tocsin.vault.router import KeyStoreRouter

MODELS = apps.get_models()
# Wide enough for a sentence or a name. A field that can hold text is sealed, or says here why it needs no seal.
TEXTS_IN_CLEAR = {
    ("Account", "roles"): "codes of roles.toml",
    ("Session", "id"): "a digest",
    ("Session", "proof"): "a code: totp, passkey, demonstration",
    ("Invitation", "id"): "a digest",
    ("Tries", "id"): "a keyed digest",
    ("SpentChallenge", "id"): "a digest",
    ("Grant", "compartment"): "a code",
    ("KeyLink", "compartment"): "a code",
    ("KeyState", "compartment"): "a code",
    ("SealedRecord", "compartment"): "a code",
    ("CaseSummary", "compartment"): "a code",
    ("Notices", "language"): "a language tag",
    ("ExportAsk", "reason"): "a code of exporting.toml",
    ("Remark", "kind"): "a code: task, comment",
    ("Remark", "compartment"): "a code",
    ("Appeal", "state"): "a code of states.toml",
    ("Appeal", "code"): "the code of an appeal, which is published with it",
    ("AskedStatement", "kind"): "a code: disavowal, retraction, correction",
    ("AskedStatement", "about"): "the digest of a key, or the code of an appeal of the archive",
    ("Clearance", "gate"): "a code of gates.toml",
    ("EvidenceFile", "compartment"): "a code",
    ("EvidenceFile", "state"): "a code: arriving, kept",
    ("Report", "state"): "a code: waiting, taken, declined, erased",
    ("ReportPart", "kind"): "a code: original, arrival, understood, ruling, said",
    ("RawMessage", "lane"): "a code: letters, returns",
    ("RawMessage", "state"): "a code: arrived, waiting, filed, aside, returned, quarantined",
    ("RawMessage", "trouble"): "the code of an error",
    ("RawMessage", "code"): "the code of a published appeal",
    ("RawMessage", "response"): "a code of responses.toml",
    ("RawMessage", "kind"): "a code of mail_kinds.toml",
    ("RawMessage", "office"): "an address of an authority that a published appeal prints",
    ("RawMessage", "became"): "a code: counted, left, reported, entered",
    ("SignatoryKey", "id"): "a digest",
    ("SignatoryKey", "label"): "what the public may know of who signs",
    ("CodeRegister", "scheme"): "a name of ours",
    ("GivenCode", "scheme"): "a name of ours",
    ("GivenCode", "printed"): "a code",
    ("GivenCode", "country"): "three letters",
    ("GivenCode", "series"): "letters of a code",
    ("Publication", "code"): "a code",
    ("Publication", "slug"): "a code",
    ("Publication", "kind"): "a code: urgent_appeal, new_information, closure",
    ("Publication", "supersedes"): "a code",
    ("Shown", "slug"): "a code",
    ("Shown", "kind"): "a code: urgent_appeal, new_information, closure",
    ("Shown", "countries"): "codes of what is published",
    ("Shown", "violations"): "codes of what is published",
    ("Shown", "acts"): "codes of what is published",
    ("Shown", "organisations"): "names that are printed in what is published",
    ("Shown", "languages"): "language tags",
    ("ShownWords", "words"): "the words of what is published",
    ("FinishedFile", "language"): "a language tag",
    ("FinishedFile", "form"): "a code",
    ("FinishedFile", "made_by"): "a digest",
    ("FinishedFile", "seal"): "a digest",
    ("Defender", "id"): "drawn by dice",
    ("Naming", "language"): "a language tag",
    ("Naming", "words"): "the name of a defender that is published",
    ("ToldActions", "slug"): "a code",
    ("ToldActions", "channel"): "a code of a list",
    ("LastTold", "slug"): "a code",
    ("ConfirmedReplies", "slug"): "a code",
    ("ConfirmedReplies", "office"): "an address of an authority that a published appeal prints",
    ("ToldCountry", "slug"): "a code",
    ("ToldCountry", "country"): "three letters",
    ("PublishedRetraction", "slug"): "a code",
    ("PublishedRetraction", "code"): "a code",
    ("PublishedDisavowal", "key"): "a digest",
    ("Subscriber", "languages"): "language tags",
    ("Subscriber", "countries"): "codes",
    ("Subscriber", "topics"): "codes of a list",
    ("Subscriber", "state"): "a code",
    ("Suppression", "reason"): "a code",
    ("Ask", "kind"): "a code: confirm, change",
    ("Ask", "language"): "a language tag",
    ("Ask", "languages"): "language tags",
    ("Ask", "countries"): "codes",
    ("Ask", "topics"): "codes of a list",
    ("PostedAnswer", "state"): "a code",
    ("PostedAnswer", "queue_id"): "a mail server's name for a message",
    ("Doubt", "domain"): "of an address, and no more of it",
    ("Doubt", "message_id"): "drawn",
    ("Trial", "slug"): "a code that is public",
    ("Trial", "language"): "a language tag",
    ("Link", "kind"): "a code: confirm, change",
    ("Link", "language"): "a language tag",
    ("Mailing", "slug"): "a code",
    ("Mailing", "kind"): "a code: appeal, update, correction, retraction",
    ("Mailing", "state"): "a code",
    ("Mailing", "policy"): "a code: resend, hold",
    ("Mailing", "held_for"): "a code",
    ("Audience", "language"): "a language tag",
    ("Fixing", "wanted"): "language tags and codes of what is published",
    ("Delivery", "language"): "a language tag",
    ("Delivery", "state"): "a code",
    ("Delivery", "reason"): "a code",
    ("Delivery", "reply"): "the numbers of a server's reply",
    ("Delivery", "queue_id"): "a mail server's name for a message",
    ("Bounce", "kind"): "a code",
    ("Bounce", "status"): "a code",
    ("Mailer", "holds_for"): "a code",
    ("Authority", "kind"): "a code: post, institution",
    ("Authority", "key"): "a name for files and addresses, of letters and digits; offices are public",
    ("Authority", "country"): "three letters",
    ("AuthorityVersion", "content"): "what the State itself publishes of its offices; nothing of a case",
    ("AuthorityVersion", "why"): "a code of reasons.toml",
    ("Turnover", "country"): "three letters",
    ("Emergency", "owed"): "words of kinds.toml",
    ("Entry", "kind"): "a code of kinds.toml",
    ("Cursor", "subscriber"): "a name of ours",
    ("Duty", "name"): "a name of ours",
    ("Keeper", "name"): "a kind and a digest",
    ("Entry", "facts"): "ids, numbers and codes, checked when written",
}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_has_a_class(model: type[models.Model]) -> None:
    sensitivity: dict[str, str] = getattr(model, "sensitivity", {})
    assert {field.name for field in model._meta.fields} == set(sensitivity)
    assert set(sensitivity.values()) <= {"P0", "P1", "sealed"}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_field_in_clear_can_hold_no_text(model: type[models.Model]) -> None:
    texts = {
        (model.__name__, field.name)
        for field in model._meta.fields
        if isinstance(field, models.CharField | models.TextField)
    }
    assert texts <= TEXTS_IN_CLEAR.keys()
    for field in model._meta.fields:
        if getattr(model, "sensitivity", {})[field.name] == "sealed":
            assert isinstance(field, models.BinaryField)


def test_keys_lie_in_the_key_store_and_nothing_else_does() -> None:
    router = KeyStoreRouter()
    assert {model.__name__ for model in MODELS if router.db_for_read(model) == "keys"} == {
        "Slot",
        "Vacancy",
        "KeyLink",
        "StepKey",
        "Emergency",
        "Doomed",
    }
    tables = {
        alias: {
            name
            for name in connections[alias].introspection.table_names()
            # The tables of the full-text index hold the words of what is published, and no model is theirs.
            if name != "django_migrations" and not name.startswith("publishing_words")
        }
        for alias in ("default", "keys")
    }
    assert tables["keys"] == {f"vault_{name}" for name in "slot vacancy keylink stepkey emergency doomed".split()}
    assert tables["default"] & tables["keys"] == set()
    assert len(tables["default"] | tables["keys"]) == len(MODELS)


def test_the_databases_are_set_up_as_promised() -> None:
    for alias, journal in (("default", "wal"), ("keys", "persist")):
        connection = connections[alias]
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                found = [
                    cursor.execute(f"PRAGMA {name}").fetchone()[0]
                    for name in ("journal_mode", "synchronous", "secure_delete", "trusted_schema")
                ]
                assert found == [journal, 2, 1, 0]
            else:
                cursor.execute("SHOW synchronous_commit")
                assert cursor.fetchone() == ("on",)
