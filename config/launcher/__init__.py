"""Runs everything on one machine: PostgreSQL and Valkey from wheels, web, worker, beat, mailbox.

`python -m config.launcher` is what `make run` calls. `config.launcher.engines` starts the two
engines alone, in a temporary folder, for tests and benchmarks.
"""
