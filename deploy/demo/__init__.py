"""The demo: a company's file, a customer's story and a birthday campaign, played through the public API."""
