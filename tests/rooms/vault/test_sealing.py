"""What is sealed for one place opens at no other; files notice a missing, moved, changed or added chunk."""

import json
import multiprocessing
from itertools import permutations
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.errors import CannotOpen, NewerSeal
from tocsin.vault.sealing import CHUNK_BYTES, DataKey, Place, framed, open_file, seal_file

NO_DATABASE = True

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))
KEY = DataKey(UUID(int=1), "facts", 1, bytes(range(32)))
PLACE = Place("sealed_record", UUID(int=2), "part", 3)

small = st.integers(0, 3)
keys = st.builds(
    DataKey,
    st.builds(UUID, int=small),
    st.sampled_from(["facts", "sources"]),
    st.integers(1, 3),
    small.map(lambda n: bytes([n]) * 32),
)
places = st.builds(
    Place,
    st.sampled_from(["grant", "record", "recor"]),
    st.builds(UUID, int=small),
    st.sampled_from(["part", "dpart"]),
    st.integers(1, 3),
)


@given(keys, keys, places, places, st.binary(max_size=200))
def test_a_value_opens_with_its_key_at_its_place_and_nowhere_else(
    key: DataKey, other_key: DataKey, place: Place, other_place: Place, value: bytes
) -> None:
    sealed = key.seal(value, place)
    if (key, place) == (other_key, other_place):
        assert other_key.open(sealed, other_place) == value
    else:
        with pytest.raises(CannotOpen):
            other_key.open(sealed, other_place)


@given(st.binary(max_size=60), st.data())
def test_a_changed_byte_or_a_cut_is_noticed(value: bytes, data: st.DataObject) -> None:
    sealed = bytearray(KEY.seal(value, PLACE))
    at = data.draw(st.integers(0, len(sealed) - 1))
    for broken in (sealed[:at], sealed[:at] + bytes([sealed[at] ^ data.draw(st.integers(1, 255))]) + sealed[at + 1 :]):
        with pytest.raises((CannotOpen, NewerSeal)):
            KEY.open(bytes(broken), PLACE)


def test_the_value_does_not_show_in_its_seal() -> None:
    assert b"hiding place" not in KEY.seal(b"hiding place" * 9, PLACE)


@given(st.lists(st.binary(max_size=5)), st.lists(st.binary(max_size=5)))
def test_framed_parts_are_told_apart(one: list[bytes], other: list[bytes]) -> None:
    assert (framed(*one) == framed(*other)) == (one == other)


@pytest.mark.parametrize("vector", VECTORS["values"], ids=lambda vector: vector["what"])
def test_what_an_earlier_version_sealed_opens_for_ever(vector: dict[str, str | int]) -> None:
    key = DataKey(
        UUID(str(vector["case"])),
        str(vector["compartment"]),
        int(vector["key_version"]),
        bytes.fromhex(str(vector["key"])),
    )
    place = Place(str(vector["table"]), UUID(str(vector["row"])), str(vector["field"]), int(vector["version"]))
    assert key.open(bytes.fromhex(str(vector["sealed"])), place) == str(vector["value"]).encode()


def test_what_a_later_version_sealed_is_refused_with_advice() -> None:
    sealed = b"\x02" + KEY.seal(b"", PLACE)[1:]
    with pytest.raises(NewerSeal, match="update Tocsin"):
        KEY.open(sealed, PLACE)


def _nonces(count: int) -> list[bytes]:
    return [KEY.seal(b"", PLACE)[5:29] for _ in range(count)]


def test_forked_workers_never_use_a_nonce_twice() -> None:
    KEY.seal(b"", PLACE)
    with multiprocessing.get_context("fork").Pool(4) as pool:
        nonces = [nonce for each in pool.map(_nonces, [5_000] * 4) for nonce in each]
    assert len(set(nonces)) == len(nonces) == 20_000


# --- Files ---------------------------------------------------------------------------------------------------------

SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 4 * CHUNK_BYTES + 100]
FIVE_CHUNKS = bytes(range(256)) * (4 * CHUNK_BYTES // 256) + b"the end"


def sealed_chunks(content: bytes) -> tuple[bytes, list[bytes]]:
    wrapped, head, *chunks = seal_file(KEY, [content], PLACE)
    return wrapped + head, chunks


def opened(head: bytes, chunks: list[bytes], key: DataKey = KEY, place: Place = PLACE) -> bytes:
    return b"".join(open_file(key, [head, *chunks], place))


@pytest.mark.parametrize("size", SIZES)
def test_a_file_of_any_size_comes_back(size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    assert opened(*sealed_chunks(content)) == content


@given(st.lists(st.integers(1, 90_000), max_size=4))
def test_it_is_all_the_same_in_which_blocks_a_file_comes(cuts: list[int]) -> None:
    head, chunks = sealed_chunks(FIVE_CHUNKS[: 2 * CHUNK_BYTES + 5])
    whole, blocks = b"".join([head, *chunks]), []
    for cut in cuts:
        blocks.append(whole[:cut])
        whole = whole[cut:]
    assert b"".join(open_file(KEY, [*blocks, whole], PLACE)) == FIVE_CHUNKS[: 2 * CHUNK_BYTES + 5]


def test_of_five_chunks_no_other_order_opens() -> None:
    head, chunks = sealed_chunks(FIVE_CHUNKS)
    assert len(chunks) == 5
    for order in permutations(range(5)):
        if order != (0, 1, 2, 3, 4):
            with pytest.raises(CannotOpen):
                opened(head, [chunks[at] for at in order])


@pytest.mark.parametrize("count", range(5))
def test_a_file_that_was_cut_after_a_whole_chunk_is_noticed(count: int) -> None:
    head, chunks = sealed_chunks(FIVE_CHUNKS)
    with pytest.raises(CannotOpen):
        opened(head, chunks[:count])


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("what", ["missing", "twice", "bit", "cut", "longer"])
def test_a_chunk_that_is_missing_doubled_or_changed_is_noticed(at: int, what: str) -> None:
    head, chunks = sealed_chunks(FIVE_CHUNKS)
    chunk = chunks[at]
    broken = {
        "missing": [],
        "twice": [chunk, chunk],
        "bit": [chunk[:9] + bytes([chunk[9] ^ 1]) + chunk[10:]],
        "cut": [chunk[:-1]],
        "longer": [chunk + b"\0"],
    }[what]
    with pytest.raises(CannotOpen):
        opened(head, [*chunks[:at], *broken, *chunks[at + 1 :]])


@pytest.mark.parametrize("more", ["a chunk of it", "another file", "some bytes"])
def test_bytes_that_were_added_behind_the_last_chunk_are_noticed(more: str) -> None:
    # The last chunk is always shorter than the others, so that whatever is added changes it.
    head, chunks = sealed_chunks(FIVE_CHUNKS[: 3 * CHUNK_BYTES])
    another = b"".join(sealed_chunks(b"x")[1])
    added = {"a chunk of it": chunks[0], "another file": another, "some bytes": bytes(99)}[more]
    with pytest.raises(CannotOpen):
        opened(head, [*chunks, added])


def test_a_file_opens_neither_elsewhere_nor_with_another_key() -> None:
    head, chunks = sealed_chunks(FIVE_CHUNKS)
    with pytest.raises(CannotOpen):
        opened(head, chunks, place=Place("sealed_record", UUID(int=2), "part", 4))
    with pytest.raises(CannotOpen):
        opened(head, chunks, key=DataKey(UUID(int=1), "sources", 1, KEY.secret))
