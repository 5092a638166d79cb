print("gc-bench-worker")
