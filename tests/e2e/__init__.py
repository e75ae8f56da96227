"""The end-to-end tests: a package, so that the suites end with the last of them."""
