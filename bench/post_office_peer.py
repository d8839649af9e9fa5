"""django-post_office, as `outbox_speed.py` starts it: queues mails in SQLite and sends them; prints the seconds.

Usage: `python bench/post_office_peer.py PORT COUNT FOLDER`, with the two texts of the mail on its input, a NUL between.
"""

import sys
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command


def main(port: int, count: int, folder: Path) -> None:
    """Queue the mails, and send them as its own worker does."""
    text, html = sys.stdin.read().split("\0")
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": folder / "queue.db",
                "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"},
            }
        },
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        POST_OFFICE={"BATCH_SIZE": 1000, "MESSAGE_ID_ENABLED": True, "MESSAGE_ID_FQDN": "harbour.example"},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", verbosity=0)
    from post_office import mail
    from post_office.models import STATUS, Email

    one = {"sender": "appeals@harbour.example", "subject": "Urgent appeal", "message": text, "html_message": html}
    mail.send_many([{**one, "recipients": [f"reader{number}@reader.example"]} for number in range(count)])
    begun = time.perf_counter()
    mail.send_queued_mail_until_done(str(folder / "sending"))
    took = time.perf_counter() - begun
    assert Email.objects.filter(status=STATUS.sent).count() == count
    print(took)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
