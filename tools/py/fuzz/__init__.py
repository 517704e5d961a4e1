"""Thousands of calls over RPC as every post, judged by what stands here and not by what the add-on says of itself."""
