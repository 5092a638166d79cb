print("gc-bench")
