# Arguments that no button sends.

HUGE = "麻" * (10 * 1024 * 1024 // 3)
NUL = "a\x00b"
SURROGATE = "half an emoji \ud83d"
# what no database keeps, or nobody reads; the last goes over no wire
TEXTS = (HUGE, NUL, SURROGATE)
ODD_DATES = ("tomorrow", "2026-13-45", 5, True, 1.5, ["2026-01-01"], {'x': 1}, NUL, "9" * 30)
ODD_LISTS = (
    5,
    True,
    1.5,
    "abc",
    {'x': 1},
    ["abc"],
    [[1, 2]],
    [-1],
    [2**31],
    [10**20],
    [None, "x"],
    [True],
    [[6, 0, [1]]],
)
ODD_WORDS = (5, -1, 1.5, True, ["x"], {'x': 1}, [], {}, "", "   ", None)
ODD_IDS = ("abc", "1", [1, 2], [[1]], {'id': 1}, True, 1.5, -1, 0, 2**31, 10**20, "1; DROP TABLE cs_complaint")
