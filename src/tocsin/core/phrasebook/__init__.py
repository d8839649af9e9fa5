"""The formulae of an appeal in each language, as Project Fluent messages.

A language is a folder of `.ftl` files: adding the folder adds the language, and no code changes. The code hands in
phrases with number and gender; the language decides what to do with them. Functions that its messages may call:

`FORM($phrase, one: "was", other: "were")`
    Chooses by the phrase's plural category (CLDR) and gender. Keys are tried from the most exact to the least:
    `one-f`, `one`, `other-f`, `other`; genders are `f`, `m`, `x` (not told) and `n` (an organisation, a thing).
`OF($phrase)`
    The phrase after the language's "of", for those that contract or elide (French `d'Ana`, `du comité`); each name of
    a list after its own. `TO($phrase)` does the same with "to", `OF_COUNTRY` and `IN_COUNTRY` with names of countries.

A message that is missing, or that asks for what it was not given, is an error: a formula never goes out with a hole.
"""

from tocsin.core.phrasebook.book import Phrasebook, languages, open_phrasebook
from tocsin.core.phrasebook.phrases import Gender, Phrase

__all__ = ["Gender", "Phrase", "Phrasebook", "languages", "open_phrasebook"]
