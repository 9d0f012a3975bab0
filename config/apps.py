from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Settings and entry points"

    def ready(self) -> None:
        # Registers the system checks; makes shared tasks use our broker in every process.
        from config import celery, checks  # noqa: F401
