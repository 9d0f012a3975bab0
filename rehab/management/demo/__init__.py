"""A demo clinic: accounts to sign in with, and weeks of history made by a seeded generator.

Everything is written through the same actions that people use, told an earlier time.
"""
