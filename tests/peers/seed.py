"""Fills a pool through the admin API, as an administrator would: seed.py ENDPOINT SERVER < document

SERVER is `moto`, `cognito-local` or `ministack`, because they want custom attributes at different moments (see below).
The document, every part but `pool` optional:

    {"pool":   {"PoolName": "..", ..},                          parameters of CreateUserPool
     "custom": [{"Name": "tier", "AttributeDataType": "String", ..}],
     "groups": ["support"],
     "users":  [{"username": "ann", "attributes": {"email": "ann@example.com"}, "groups": ["support"],
                 "confirmed": true, "enabled": true}]}

Prints {"pool_id": "..", "usernames": [".."]}; the usernames are the service's own, in the document's order.
"""

import json
import sys

from client import cognito

PASSWORD = "Invented-Passw0rd!"


def create_pool(idp, server, document):
    parameters = dict(document["pool"])
    custom = document.get("custom", [])
    if server == "moto":
        # A moto pool made with a Schema describes that schema alone and forgets sub, name and the other
        # standard attributes; added afterwards, custom attributes stand beside them.
        if "Schema" in parameters:
            raise SystemExit("a moto pool must not be created with a Schema: it loses the standard attributes")
        pool_id = idp.create_user_pool(**parameters)["UserPool"]["Id"]
        if custom:
            idp.add_custom_attributes(UserPoolId=pool_id, CustomAttributes=custom)
        return pool_id
    # cognito-local gives an added attribute string constraints whatever its type; at creation it does not.
    schema = parameters.pop("Schema", []) + custom
    if schema:
        parameters["Schema"] = schema
    return idp.create_user_pool(**parameters)["UserPool"]["Id"]


def create_user(idp, pool_id, user):
    attributes = [{"Name": name, "Value": value} for name, value in user.get("attributes", {}).items()]
    created = idp.admin_create_user(
        UserPoolId=pool_id,
        Username=user["username"],
        UserAttributes=attributes,
        TemporaryPassword=PASSWORD,
        MessageAction="SUPPRESS",  # without it cognito-local wants a phone number to send the invitation to
    )
    username = created["User"]["Username"]  # not the name asked for, where people sign in by e-mail
    if user.get("confirmed", True):
        idp.admin_set_user_password(UserPoolId=pool_id, Username=username, Password=PASSWORD, Permanent=True)
    for group in user.get("groups", []):
        idp.admin_add_user_to_group(UserPoolId=pool_id, Username=username, GroupName=group)
    if not user.get("enabled", True):
        idp.admin_disable_user(UserPoolId=pool_id, Username=username)
    return username


def main():
    endpoint, server = sys.argv[1:]
    document = json.load(sys.stdin)
    idp = cognito(endpoint)
    pool_id = create_pool(idp, server, document)
    for group in document.get("groups", []):
        idp.create_group(UserPoolId=pool_id, GroupName=group)
    usernames = [create_user(idp, pool_id, user) for user in document.get("users", [])]
    json.dump({"pool_id": pool_id, "usernames": usernames}, sys.stdout)


main()
