FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /srv/venv
ENV PATH=/srv/venv/bin:$PATH
WORKDIR /build

# The locked packages are a layer of their own: it is made again only when the lock changes.
COPY requirements.lock ./
RUN pip install --no-deps --require-hashes --requirement requirements.lock

COPY pyproject.toml hatch_build.py README.md LICENSE events.yaml ./
COPY notifier ./notifier
COPY calendars ./calendars
COPY templates ./templates
COPY locales ./locales
RUN pip install --no-deps --no-build-isolation .


FROM python:3.13-slim
# A fixed number, so that a volume keeps its owner from one image to the next.
RUN groupadd --gid 10001 notifier \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /srv/notifier --shell /usr/sbin/nologin notifier \
    && install --directory --owner=10001 --group=10001 /srv/notifier /srv/notifier/var
COPY --from=build /srv/venv /srv/venv

ENV PATH=/srv/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    NOTIFIER_HOST=0.0.0.0 \
    NOTIFIER_PORT=8000
# The packaged events.yaml is used until one is mounted at /srv/notifier/events.yaml.
WORKDIR /srv/notifier
VOLUME /srv/notifier/var
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM

# Straight to the port, whatever proxy the environment names.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-c", "import os; from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:' + os.environ['NOTIFIER_PORT'] + '/healthz', timeout=4)"]

CMD ["notifier", "run"]
