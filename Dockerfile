# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
#
# One image for web, worker and commands. It needs PostgreSQL and writes only to /data and /tmp.
#     docker build -t charta .

FROM python:3.13-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/charta
COPY requirements.lock ./
# First the pinned set with hashes: this layer changes only when the lock changes.
RUN /opt/charta/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN /opt/charta/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="Charta" \
      org.opencontainers.image.licenses="EUPL-1.2"
RUN useradd --system --uid 10001 --user-group --no-create-home charta \
    && install -d -o charta -g charta -m 0750 /data
COPY --from=build /opt/charta /opt/charta
ENV PATH=/opt/charta/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CHARTA_DATA_DIR=/data
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD \
    ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["granian", "--interface", "wsgi", "--factory", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "1", "--blocking-threads", "4", "charta.app:create_app"]
