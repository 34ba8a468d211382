"""Calls by another client, without starting Python for each: calls.py

A line of input is [ENDPOINT, [[OPERATION, {parameters}], ..]]. It is answered with one line, a list that holds for each
call {"ok": {..}}, {"refused": "Code: message"} or, where boto3 itself would not make it, {"broken": "traceback"}. It ends
with its input.
"""

import json
import sys
import traceback

from botocore import xform_name
from botocore.exceptions import ClientError
from client import cognito

clients = {}


def call(endpoint, operation, parameters):
    if endpoint not in clients:
        clients[endpoint] = cognito(endpoint)
    try:
        # boto3's name for an operation is worked out by botocore itself.
        return {"ok": getattr(clients[endpoint], xform_name(operation))(**parameters)}
    except ClientError as error:
        return {"refused": "{Code}: {Message}".format(**error.response["Error"])}
    except Exception:
        return {"broken": traceback.format_exc()}


for line in sys.stdin:
    endpoint, calls = json.loads(line)
    print(json.dumps([call(endpoint, *each) for each in calls], default=str), flush=True)
