"""The default without Docker: real PostgreSQL and Valkey from wheels, and every process started as a child.

Imports no Django, so that it can say what is wrong before Django can be loaded.
"""
