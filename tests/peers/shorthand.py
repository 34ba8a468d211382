"""What the AWS CLI makes of --user-attributes and --client-metadata: shorthand.py < document

The document is {"variables": {"HOME": ".."}, "inputs": [{"attributes": [".."], "metadata": ".."}, ..]}; the variables
are added to the environment, and `metadata` may be left out. are looked for in the working directory. The CLI runs as a whole, with its own reading of files and botocore's own
checks, up to the request, which is answered here and never leaves the process. Prints a list with one of these for each
input:

    {"sent": {"UserAttributes": [..], "ClientMetadata": {..}}}      the request's own members
    {"refused": "..", "place": 15}      what it says; the place in characters, where its grammar names one
"""

import contextlib
import io
import json
import os
import sys

from awscli import shorthand
from awscli.clidriver import create_clidriver
from botocore.awsrequest import AWSResponse

COMMAND = ["cognito-idp", "admin-update-user-attributes", "--user-pool-id", "us-east-1_Example01", "--username", "ann"]


class EmptyBody:
    def stream(self, *_, **__):
        yield b"{}"


def main():
    document = json.load(sys.stdin)
    os.environ.update(
        document["variables"],
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_DEFAULT_REGION="us-east-1",
    )
    requests = []
    places = []

    def answer(request, **_):
        requests.append(json.loads(request.body))
        return AWSResponse(request.url, 200, {}, EmptyBody())

    parse = shorthand.ShorthandParser.parse

    def parse_and_note(self, value):
        try:
            return parse(self, value)
        except shorthand.ShorthandParseError as error:
            places.append(error.index)
            raise

    shorthand.ShorthandParser.parse = parse_and_note
    driver = create_clidriver()
    driver.session.register("before-send.cognito-identity-provider.*", answer)

    def read(given):
        requests.clear()
        places.clear()
        arguments = [*COMMAND, "--user-attributes", *given["attributes"]]
        if "metadata" in given:
            arguments += ["--client-metadata", given["metadata"]]
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            driver.main(arguments)
        if requests:
            members = ("UserAttributes", "ClientMetadata")
            return {"sent": {member: requests[0][member] for member in members if member in requests[0]}}
        return {"refused": said.getvalue().strip(), "place": places[0] if places else None}

    json.dump([read(given) for given in document["inputs"]], sys.stdout)


main()
