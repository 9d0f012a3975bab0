# One image for every service of docker-compose.yml. It runs as an ordinary user.
FROM python:3.11-slim AS build
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/base.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/var/lib/rehab \
    STATIC_ROOT=/srv/static \
    HOST=0.0.0.0
RUN useradd --system --uid 10001 --home-dir /var/lib/rehab --create-home rehab
COPY --from=build /venv /venv
WORKDIR /srv/rehab
COPY manage.py ./
COPY config config
COPY rehab rehab
COPY patients patients
COPY exercises exercises
RUN ENVIRONMENT=local python manage.py collectstatic --no-input --verbosity 0
USER rehab
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "--config", "config/gunicorn.conf.py"]
