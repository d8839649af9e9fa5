"""A reply that says it is an authority's counts as unproven until our own mail server has verified its domain."""

from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.bounces.parts import read_fields
from tocsin.core.classifying import Senders, Standing, stand

MAILS = tomli.loads(Path(__file__).with_name("senders.toml").read_text("utf-8"))["mail"]
POSTS = {"minister@justice.example": "xzv-minister", "secretariat@freemail.example": "xzv-secretariat"}
HOST = "mx.observers.example"


def stands(header: str, host: str = HOST) -> Standing:
    return stand(read_fields(header.strip().encode()), host, Senders(POSTS))


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail["why"])
def test_a_sender_stands_as_the_table_says(mail: dict[str, Any]) -> None:
    found = stands(mail["header"])
    assert (found.proof, found.because, found.like) == (mail["proof"], mail.get("because", ""), mail.get("like", ""))


@pytest.mark.parametrize("mail", [each for each in MAILS if each["proof"] == "proven"], ids=lambda mail: mail["why"])
def test_a_site_that_names_no_mail_server_believes_no_result(mail: dict[str, Any]) -> None:
    assert stands(mail["header"], "").proof == "unproven"


@given(
    st.lists(st.sampled_from(["(", ")", ";", "dmarc=pass", "header.from=justice.example", HOST, '"', "\\", " ", "x"]))
)
def test_nothing_below_the_way_of_a_mail_ever_proves_it(pieces: list[str]) -> None:
    forged = f"Received: from a by b\nAuthentication-Results: {HOST}; {''.join(pieces)}; dmarc=pass\n"
    assert stands(f"{forged}From: minister@justice.example").proof == "unproven"


@given(st.text(max_size=300))
def test_any_sender_is_read(text: str) -> None:
    found = stand([("authentication-results", f"{HOST}; {text}"), ("from", text)], HOST, Senders(POSTS))
    assert found.proof in ("", "unproven", "failed", "lookalike")


@given(
    st.lists(st.text("abmrnw.-а", min_size=1, max_size=11), max_size=5, unique=True),
    st.text("abmrnw.-а", max_size=12),
)
def test_a_domain_looks_like_one_of_many_where_it_looks_like_it_alone(official: list[str], domain: str) -> None:
    alone = [Senders({f"x@{each}": each}).like(domain) for each in official]
    found = Senders({f"x@{each}": each for each in official}).like(domain)
    assert bool(found) == any(alone)
    assert not found or found in alone
