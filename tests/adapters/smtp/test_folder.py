"""The folder of a demonstration takes mail as a server does, keeps it as it came, and goes on counting."""

import asyncio
from pathlib import Path

from post import MASTHEAD
from tocsin.adapters.smtp import HandedOver, MailServer, Outcome, connect, keeping
from tocsin.core.messages import Address, Message, Wire

READER = Address("reader", "reader.example")


async def sent(folder: Path, bodies: list[bytes]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    async with keeping(folder) as port:
        line = await connect(MailServer("127.0.0.1", "office.example", port, security="none"))
        messages = [Message(MASTHEAD.bounces, READER, Wire(b"Subject: x\r\n"), Wire(b"\r\n" + each)) for each in bodies]
        await line.send(iter(messages), lambda _, outcome: outcomes.append(outcome))
        await line.close()
    return outcomes


def test_what_it_took_lies_there_byte_for_byte_and_nothing_is_written_over(tmp_path: Path) -> None:
    bodies = [b"first\r\n", b".\r\n.. dots\r\n", b"y" * 900 + b"\r\n"]
    folder = tmp_path / "sent"
    first = asyncio.run(sent(folder, bodies[:2]))
    (folder / "letter.eml").write_bytes(b"of somebody")
    later = asyncio.run(sent(folder, bodies[2:]))
    names = [each.queue_id for each in (*first, *later) if isinstance(each, HandedOver)]
    assert names == ["000001", "000002", "000003"]
    kept = [folder.joinpath(f"{number:06}.eml").read_bytes() for number in (1, 2, 3)]
    assert kept == [b"Subject: x\r\n\r\n" + each for each in bodies]
    assert folder.stat().st_mode & 0o077 == 0
