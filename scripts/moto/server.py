"""moto's server, which believes that a request is from whom it says, and can let sessions end.

moto decodes an address before it checks the signature on it, and so refuses what Terraform signs. Whose key it is, and
what that may do, is still asked. moto's sessions never end: here, POST /moto-api/end-sessions ends those that there
are, and says of their keys what AWS says of those that have expired. And moto looks whether an object may be written
in one step, and writes it in another: here, nobody comes between the two.
"""

from threading import Lock

from moto.core.exceptions import RESTError
from moto.iam import access_control
from moto.moto_api._internal.urls import url_paths
from moto.s3.exceptions import S3ClientError
from moto.s3.responses import S3Response
from moto.server import main
from moto.sts.models import sts_backends

access_control.IAMRequestBase.check_signature = lambda request: None

ended = set()


def end_sessions(request, full_url, headers):
    for account in sts_backends.values():
        for backend in account.values():
            ended.update(session.access_key_id for session in backend.assumed_roles)
    return 200, {}, "{}"


url_paths["{0}/moto-api/end-sessions"] = end_sessions


class Expired(RESTError):
    code = 403

    def __init__(self):
        super().__init__("ExpiredTokenException", "The security token included in the request is expired")


class ExpiredOnS3(S3ClientError):
    code = 400

    def __init__(self):
        super().__init__("ExpiredToken", "The provided token has expired.")


def refusing(kind, error):
    initialize = kind.__init__

    def refuse_ended(self, *args, **kwargs):
        initialize(self, *args, **kwargs)
        if self._access_key._access_key_id in ended:
            raise error()

    kind.__init__ = refuse_ended


refusing(access_control.IAMRequest, Expired)
refusing(access_control.S3IAMRequest, ExpiredOnS3)

writing = Lock()
put_object = S3Response.put_object


def put_alone(response):
    with writing:
        return put_object(response)


S3Response.put_object = put_alone
main()
