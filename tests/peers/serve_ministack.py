"""Serves ministack's Cognito on a free loopback port until standard input ends: serve_ministack.py

The first line of output is {"port": N}; the log goes to standard error. What else ministack starts besides answering
requests (scripts it finds on the machine, schedulers, other listeners, the removal of containers) is not started.
"""

import asyncio
import json
import os
import socket
import sys
import threading

listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
# Read when the modules are imported. Without the first, whatever binds a port later does so on every interface.
os.environ.update(BIND_HOST="127.0.0.1", GATEWAY_PORT=str(port), SERVICES="cognito-idp")

from hypercorn.asyncio import serve  # noqa: E402
from hypercorn.config import Config  # noqa: E402
from ministack.app import app  # noqa: E402


async def requests_only(scope, receive, send):
    if scope["type"] != "lifespan":
        await app(scope, receive, send)
        return
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return


def until_input_ends():
    # The test process holds the other end; however it dies, the kernel closes that end and this read returns.
    sys.stdin.buffer.read()
    os._exit(0)


threading.Thread(target=until_input_ends, daemon=True).start()
config = Config()
config.bind = [f"fd://{listener.fileno()}"]
print(json.dumps({"port": port}), flush=True)
asyncio.run(serve(requests_only, config))
