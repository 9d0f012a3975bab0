"""What pages and API show, one topic a module; all of it in a constant number of statements.

Every function takes a patient whom the caller may already see, runs inside the wall of the
clinics, is told the time, and returns frozen values.
"""
