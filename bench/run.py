"""Fill a database, run the measures, print the table."""

import importlib
import pkgutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[0:1] = [str(ROOT), str(ROOT / "tools" / "py")]

import odoo_env  # noqa: E402

import bench.measures  # noqa: E402
from bench.registry import FILLS, MEASURES, Bench  # noqa: E402


def main():
    parser = odoo_env.parser(__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=5, help="how often each is timed")
    parser.add_argument("names", nargs="*", help="only measures whose name holds one of these")
    args = parser.parse_args()
    for module in sorted(entry.name for entry in pkgutil.iter_modules(bench.measures.__path__)):
        importlib.import_module(f"bench.measures.{module}")
    chosen = [name for name in sorted(MEASURES) if not args.names or any(part in name for part in args.names)]
    if not chosen:
        print("There is no measure yet." if not MEASURES else "No measure has such a name.")
        return
    with odoo_env.environment(args, "error") as env:
        board = Bench(env, args.rows, args.repeat)
        prepare(board)
        for name in chosen:
            board.section = name
            print(f"\n{name}")
            MEASURES[name](board)
    if board.broken:
        print("\nBroken limits:", *board.broken, sep="\n  ")
        sys.exit(1)


def prepare(board):
    start = time.monotonic()
    for function in FILLS:
        function(board)
    board.env.flush_all()
    board.env.invalidate_all()
    board.cr.commit()
    # Outside a transaction, as VACUUM demands.
    board.cr._cnx.autocommit = True
    board.cr.execute("VACUUM ANALYZE")
    board.cr._cnx.autocommit = False
    print(f"Filled for {board.rows} rows in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
