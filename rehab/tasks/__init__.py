"""Celery finds its tasks here."""

from rehab.tasks import reminders, schedule

__all__ = ["reminders", "schedule"]
