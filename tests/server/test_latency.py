"""A request on a kept connection is answered at once: no acknowledgement of the client is waited for."""

from __future__ import annotations

import asyncio
import socket

from worldkit.server.app_factory import listening_socket


def test_a_connection_of_the_servers_socket_sends_without_waiting_for_an_acknowledgement() -> None:
    async def no_delay_of_an_accepted_connection() -> int:
        listener = listening_socket("127.0.0.1", 0)
        option: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def note_option(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            option.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        async with await asyncio.start_server(note_option, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            try:
                return await option
            finally:
                writer.close()

    assert asyncio.run(no_delay_of_an_accepted_connection()) != 0
