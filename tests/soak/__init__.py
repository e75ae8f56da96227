"""The long forms of the reliability figures: too long for every run of the tests, printed by `make soak`."""
