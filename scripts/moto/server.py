"""moto's server, which believes that a request is from whom it says.

moto decodes an address before it checks the signature on it, and so refuses what Terraform signs. Whose key it is, and
what that may do, is still asked.
"""

from moto.iam.access_control import IAMRequestBase
from moto.server import main

IAMRequestBase.check_signature = lambda request: None
main()
