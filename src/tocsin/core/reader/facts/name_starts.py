"""Where the name of a body begins: behind the post that leads in it."""

from tocsin.core.reader.facts.passage import Passage

_OPENING_ARTICLES = (["el"], ["la"], ["los"], ["las"])


def behind_lead(passage: Passage, at: int) -> int | None:
    """Pass over the "Presidenta de la" before a body, and the "Igualmente el" that opens a sentence."""
    tokens, words = passage.tokens, passage.words
    word = tokens.folded[at]
    if word in words.organisation_words or word.endswith("s"):
        return None  # "Coordinadora de Mujeres", "Trabajadores de la Salud"
    if word in words.not_names and passage.starts_sentence(at):
        return at + 1 if tokens.words[at + 1 : at + 2] in _OPENING_ARTICLES else None
    post = next((hit for hit in passage.names.get(at, ()) if hit.kind == "member"), None)
    if post is None or tokens.folded[post.last : post.last + 1] not in (["de"], ["del"]):
        return None
    body = post.last + 1 + (tokens.words[post.last + 1 : post.last + 2] in _OPENING_ARTICLES)
    return body if body in passage.capitals and tokens.folded[body] in words.organisation_words else None
