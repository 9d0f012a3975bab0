"""Django's PostgreSQL engine with fewer round trips (ENGINE = "patients.postgresql")."""
