"""Load balancers that balance: health checks, draining, and the way from a URL to a listener.

The emulator keeps load balancers and their rules and decides which rule a request meets. Which
target it goes to, whether that target is healthy, how it is reached and when it is drained is
decided here, and where a network load balancer listens.
"""
