"""The errors that the API model lists for each operation: {"AdminGetUser": ["InternalErrorException", ..], ..}

The model is botocore's, pinned in requirements.txt, so that the error table is compared with the service's own list.
"""

import json
import sys

from botocore.session import Session

model = Session().get_service_model("cognito-idp")
json.dump(
    {
        name: sorted(shape.metadata.get("error", {}).get("code", shape.name) for shape in model.operation_model(name).error_shapes)
        for name in model.operation_names
    },
    sys.stdout,
)
