"""The kpi service on the wire: protobuf in, use case, protobuf out."""
