# Pictures of every screen and print, and the benchmark.
# shellcheck shell=bash
