"""Names of files as strangers give them: what is kept and shown of them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.adapters.files import LONGEST_NAME, shown_name

HOSTILE = st.text(st.one_of(st.characters(), st.sampled_from("\u202e\u2066\u200f\u200b\u00ad\0\n\r/\\.")), max_size=400)


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("IMG_0.jpg", "IMG_0.jpg"),
        ("Фото от 3 ноября.jpg", "Фото от 3 ноября.jpg"),
        ("صورة.jpg", "صورة.jpg"),
        ("\u202egnp.exe", "gnp.exe"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\irja\\letter.docx", "letter.docx"),
        ("a\0b\r\n.txt", "ab.txt"),
        ("..", ""),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_is_shown_without_its_path_and_without_signs_that_nobody_sees(given_name: str, shown: str) -> None:
    assert shown_name(given_name) == shown


@given(HOSTILE)
def test_no_name_hides_a_sign_turns_others_around_leads_elsewhere_or_has_no_end(name: str) -> None:
    shown = shown_name(name)
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for sign in shown)
    assert not set(shown) & set("/\\")
    assert shown not in {".", ".."}
    assert len(shown) <= LONGEST_NAME
    assert shown_name(shown) == shown
