"""The API described for programs (OpenAPI 3.1), made of the table by which it is served."""

from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec

from tocsin.publishing.api import fields
from tocsin.publishing.api.problems import TYPE
from tocsin.publishing.api.table import OF_COPIES, QUESTIONS, VERSION, Question

_ABOUT: Final = (
    "What an organisation has published, for programs. It is read-only and needs no key; nothing is kept of who asks. "
    "Addresses within answers are relative to the address of the answer. Fields may be added within this version; none "
    "is taken away or given another meaning."
)
_TAG: Final = {"description": "A name for these very bytes; hand it back in `If-None-Match`."}
_LINKS: Final = {"description": 'The next part, as `<…>; rel="next"` (RFC 8288).'}
_SAID: Final = {
    304: "What you have is still right.",
    400: "The question cannot be read.",
    404: "Nothing is published under this name, or not yet; or this is no code.",
    410: "It was withdrawn. Take out the copies that you have.",
    414: "The address is too long.",
}


@cache
def document(*, served: bool = True) -> dict[str, Any]:
    """Give the document; in a copy that no program serves, no question behind an address is answered."""
    questions = QUESTIONS if served else (*OF_COPIES, *(each for each in QUESTIONS if each.is_file))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Published appeals", "version": VERSION, "description": _ABOUT},
        # Relative to where this document stands, so that it holds wherever the site does.
        "servers": [{"url": f"../{VERSION}"}],
        "paths": {f"/{each.path}": {"get": _described(each, served=served)} for each in questions},
        "components": {"schemas": {kind: fields.schema_of(kind) for kind in sorted(fields.listed())}},
    }


@cache
def examples() -> dict[str, Any]:
    """Give an answer to each question, of invented people in an invented country."""
    text = files("tocsin.publishing.api").joinpath("examples.json").read_bytes()
    found: dict[str, Any] = msgspec.json.decode(text)
    return found


def _described(question: Question, *, served: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": question.name,
        "summary": question.says,
        "parameters": [
            {
                "name": each.name,
                "in": each.place,
                "required": each.required,
                "description": each.says,
                "schema": dict(each.schema),
                "example": int(each.example) if each.schema["type"] == "integer" else each.example,
            }
            for each in question.parameters
            if served or each.place == "path"
        ],
        "responses": {"200": _answered(question), "304": {"description": _SAID[304]}},
    }
    for status in question.without if served else ():
        kind = "Tombstone" if status == 410 else "Problem"
        said["responses"][str(status)] = {"description": _SAID[status], "content": _content(TYPE, kind)}
    return said


def _answered(question: Question) -> dict[str, Any]:
    headers: dict[str, Any] = {"ETag": {**_TAG, "schema": {"type": "string"}}}
    said: dict[str, Any] = {
        "description": "The answer.",
        "headers": headers,
        "content": _content("application/json", question.answer.__name__),
    }
    said["content"]["application/json"]["example"] = examples()[question.name]
    if question.name == "listAppeals":
        headers["Link"] = {**_LINKS, "schema": {"type": "string"}}
        said["links"] = {"first": {"operationId": "getAppeal", "parameters": {"slug": "$response.body#/items/0/slug"}}}
    return said


def _content(media: str, kind: str) -> dict[str, Any]:
    return {media: {"schema": {"$ref": f"#/components/schemas/{kind}"}}}
