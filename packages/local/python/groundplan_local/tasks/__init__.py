"""ECS that runs: tasks as processes, services that keep them running and roll them over.

The emulator's ECS keeps clusters, task definitions, services and tasks. What happens to a task is
done by the :mod:`agent`, what a service wants is decided by the :mod:`supervisor`; both write into
the emulator's own records, which its API reads.
"""
