# The gateway: docker build -f deploy/images/gateway.Dockerfile -t membercare-gateway .
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml requirements.lock ./
COPY deploy/images/subset.py deploy/images/subset.py
RUN python deploy/images/subset.py gateway > /tmp/wanted.txt \
    && python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/wanted.txt
COPY protos/membercare protos/membercare
RUN python deploy/images/subset.py --package grpcio-tools > /tmp/tools.txt \
    && python -m venv /tools \
    && /tools/bin/pip install --no-cache-dir --require-hashes -r /tmp/tools.txt \
    && mkdir /gen \
    && find protos/membercare -name '*.proto' -print0 \
       | xargs -0 /tools/bin/python -m grpc_tools.protoc -Iprotos --python_out=/gen --grpc_python_out=/gen

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home membercare
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app:/app/protos/gen PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 ENV=production
COPY --from=build /venv /venv
COPY --from=build /gen protos/gen
COPY services/__init__.py services/__init__.py
COPY services/chassis services/chassis
COPY gateway gateway
USER membercare
EXPOSE 8000
ENTRYPOINT ["python", "-m", "gateway"]
