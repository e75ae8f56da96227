# One service: docker build -f deploy/images/service.Dockerfile --build-arg SERVICE=care -t membercare-care .
# Its role is the argument: docker run membercare-care rpc | consumers | jobs | dispatch | migrate
FROM python:3.11-slim-bookworm AS build
ARG SERVICE
WORKDIR /src
COPY pyproject.toml requirements.lock ./
COPY deploy/images/subset.py deploy/images/subset.py
RUN python deploy/images/subset.py "${SERVICE}" > /tmp/wanted.txt \
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
ARG SERVICE
RUN useradd --uid 10001 --no-create-home membercare
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app:/app/protos/gen PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 ENV=production SERVICE=${SERVICE}
COPY --from=build /venv /venv
COPY --from=build /gen protos/gen
COPY services/__init__.py services/__init__.py
COPY services/chassis services/chassis
COPY services/${SERVICE} services/${SERVICE}
USER membercare
ENTRYPOINT ["sh", "-c", "exec python -m \"services.$SERVICE\" \"$@\"", "--"]
CMD ["rpc"]
