"""Serves moto on a free loopback port until standard input ends: serve_moto.py [USERS]

With USERS the server begins with a pool of that many people, put there without a request each: through the API
ten thousand take half a minute, this way half a second. The first line of output is {"port": N}.
"""

import json
import os
import sys

from moto.server import ThreadedMotoServer

SEEDED_POOL = "us-east-1_Seeded001"


def seed(count):
    from moto.cognitoidp.models import CognitoIdpUser, UserStatus, cognitoidp_backends
    from moto.core import DEFAULT_ACCOUNT_ID

    backend = cognitoidp_backends[DEFAULT_ACCOUNT_ID]["us-east-1"]
    pool = backend.create_user_pool("seeded", {"AutoVerifiedAttributes": ["email"]})
    del backend.user_pools[pool.id]
    pool.id = SEEDED_POOL
    backend.user_pools[pool.id] = pool
    for number in range(count):
        username = f"user{number:06d}"
        attributes = {
            "email": f"{username}@example.com",
            "email_verified": "true",
            "given_name": "Robin",
            "family_name": f"Example{number:06d}",
        }
        listed = [{"Name": name, "Value": value} for name, value in attributes.items()]
        pool.users[username] = CognitoIdpUser(pool.id, username, "Invented-Passw0rd!", UserStatus.CONFIRMED, listed)


if len(sys.argv) > 1:
    seed(int(sys.argv[1]))
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(json.dumps({"port": server.get_host_and_port()[1]}), flush=True)

# The test process holds the other end; however it dies, the kernel closes that end and this read returns.
sys.stdin.buffer.read()
os._exit(0)
