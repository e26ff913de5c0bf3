"""One module a stage, its peer beside it; see `benchmark.speed.stage`."""
