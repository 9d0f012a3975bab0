"""Joins the apps: settings, addresses, Celery, the launcher. No patient logic."""
