"""Another client than ours: boto3, so that a test never checks the program with the program's own SDK."""

import boto3
from botocore.config import Config


def cognito(endpoint, region="us-east-1"):
    """A client of one endpoint with invented credentials; one attempt, so that a refusal is seen as it came."""
    return boto3.client(
        "cognito-idp",
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=60),
    )
