"""Reads one user back, to see what really is there: read.py ENDPOINT POOL_ID USERNAME

Prints {"username": "..", "enabled": true, "status": "..", "attributes": {"email": "..", ..}}.
"""

import json
import sys

from client import cognito

endpoint, pool_id, username = sys.argv[1:]
user = cognito(endpoint).admin_get_user(UserPoolId=pool_id, Username=username)
json.dump(
    {
        "username": user["Username"],
        "enabled": user["Enabled"],
        "status": user["UserStatus"],
        "attributes": {each["Name"]: each.get("Value", "") for each in user["UserAttributes"]},
    },
    sys.stdout,
)
