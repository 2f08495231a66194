"""Containers without Docker: a container is a process of this machine.

What a container is made of stays apart: where it listens (:mod:`addresses`), what runs
(:mod:`images`, :mod:`dockerfile`, :mod:`build`), with which arguments and environment
(:mod:`command`), and the running thing itself (:mod:`process`). Nothing here knows ECS.
"""
