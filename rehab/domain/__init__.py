"""The rules of the rehabilitation programme, in plain Python.

Frozen values in, values out: no database, no clock, no settings, only the standard library.
Every number that a clinician could dispute arrives as data (`rehab/rules/*.json`, plan limits,
dose fields) and never lives here as a constant.
"""
