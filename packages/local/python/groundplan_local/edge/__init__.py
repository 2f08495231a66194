"""What stands in front of internal load balancers: CloudFront and HTTP APIs.

:mod:`names` finds the distribution or the API that a host means in every account, :mod:`app` takes
its requests out, and :mod:`origins` passes them on to balancers that nobody outside could reach.
"""
