"""Databases without Docker: a PostgreSQL of this machine behind each DB cluster and instance.

What a server is made of stays apart: its settings (:mod:`parameters`), the process and what keeps
it running (:mod:`process`, :mod:`server`), what is asked of it from here (:mod:`session`,
:mod:`passwords`), a copy of its folder (:mod:`copies`), and all of them together with their
addresses (:mod:`fleet`), of which some lead on to a server, as an RDS Proxy does. But for its
seams, nothing here knows the API of RDS.
"""
