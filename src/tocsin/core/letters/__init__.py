"""What readers of an appeal write, say and post: letters in the language of whom they are for, and links to them.

```python
matter = Matter(appeal, "https://appeals.example/appeals/xzv-003/", {"en": "Zarvania", ...})
letter = write_letter(matter, whom(appeal)[0], "en")
opened(letter, ["office@president.example"], [], mailto)    # Opened("mailto:office@…", 0), or in a shorter form
```

Everything comes from what was published; who writes, and what becomes of a letter, is known nowhere here.
"""

from tocsin.core.letters.answering import DRAFT_OF, DRAFTS, Acknowledgement, acknowledgement, draft_answer, language_of
from tocsin.core.letters.links import LONGEST, Opened, gmail, mailto, opened, outlook
from tocsin.core.letters.networks import Network, networks
from tocsin.core.letters.whom import EMBASSY, FIRST_MISSION, Whom, asks_for_missions, letter_languages, whom
from tocsin.core.letters.words import Phrases, languages, phrases_in
from tocsin.core.letters.writing import Letter, Matter, write_call, write_letter, write_post

__all__ = [
    "DRAFTS",
    "DRAFT_OF",
    "EMBASSY",
    "FIRST_MISSION",
    "LONGEST",
    "Acknowledgement",
    "Letter",
    "Matter",
    "Network",
    "Opened",
    "Phrases",
    "Whom",
    "acknowledgement",
    "asks_for_missions",
    "draft_answer",
    "gmail",
    "language_of",
    "languages",
    "letter_languages",
    "mailto",
    "networks",
    "opened",
    "outlook",
    "phrases_in",
    "whom",
    "write_call",
    "write_letter",
    "write_post",
]
