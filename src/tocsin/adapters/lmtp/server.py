"""The receiver itself: connections of the machine it runs on, and what is kept before 250 is said."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from tocsin.adapters.lmtp.conversation import Conversation, Delivered

Verdict = Literal["kept", "closed", "full", "failed"]
Keep = Callable[[Delivered], Verdict]

NAME = "tocsin.invalid"
"""What the receiver calls itself: nobody but the mail server beside it reads that."""
_SILENCE_SECONDS = 300
_MOST_CONNECTIONS = 50
_CHUNK = 65_536
_SAID: dict[Verdict, bytes] = {
    "kept": b"250 2.0.0 kept\r\n",
    "closed": b"451 4.3.0 nothing is taken now\r\n",
    "full": b"452 4.3.1 too much came today\r\n",
    "failed": b"451 4.3.0 it could not be kept\r\n",
}


async def serve(where: Path | tuple[str, int], keep: Keep, stopped: asyncio.Event) -> None:
    """Take mail until `stopped` is set; a mail that is being taken then is taken to its end.

    Args:
        where: A socket of the file system, or an address and a port.
        keep: Keeps a mail for good and says what became of it. It is called in a thread, for one mail at a time.
        stopped: Ends it.
    """
    one_at_a_time, open_now = asyncio.Lock(), asyncio.Semaphore(_MOST_CONNECTIONS)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with open_now:
            try:
                await _talk(reader, writer, keep, one_at_a_time)
            except (ConnectionError, TimeoutError):
                # Whoever was cut off sends again what was not answered; what had been kept is known then.
                pass
            finally:
                writer.close()

    if isinstance(where, Path):
        server = await asyncio.start_unix_server(talk, str(where))
    else:
        server = await asyncio.start_server(talk, *where)
    await stopped.wait()
    # Nobody waits for connections on which nothing is being taken: the mail server keeps some open for minutes.
    server.close()
    async with one_at_a_time:
        return


async def _talk(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, keep: Keep, one_at_a_time: asyncio.Lock
) -> None:
    conversation = Conversation(NAME)
    writer.write(conversation.greeting())
    while not conversation.is_over:
        came = await asyncio.wait_for(reader.read(_CHUNK), _SILENCE_SECONDS)
        if not came:
            return
        for step in conversation.hear(came):
            if isinstance(step, Delivered):
                async with one_at_a_time:
                    verdict = await asyncio.to_thread(keep, step)
                writer.write(_SAID[verdict] * len(step.recipients))
            else:
                writer.write(step)
        await asyncio.wait_for(writer.drain(), _SILENCE_SECONDS)
