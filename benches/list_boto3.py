"""Lists a pool with boto3's own paginator. Arguments: endpoint, pool, and the mode of its retries."""

import json
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, pool, mode = sys.argv[1:]
client = boto3.client(
    "cognito-idp",
    endpoint_url=endpoint,
    region_name="us-east-1",
    aws_access_key_id="none",
    aws_secret_access_key="none",
    config=Config(retries={"mode": mode}),
)
begun = time.monotonic()
users, error = set(), None
try:
    for page in client.get_paginator("list_users").paginate(UserPoolId=pool):
        users.update(user["Username"] for user in page["Users"])
except ClientError as failed:
    error = failed.response["Error"]["Code"]
print(json.dumps({"seconds": time.monotonic() - begun, "users": len(users), "error": error}))
