#pragma once

#include "gcb_cuda.h"

#include <functional>

/// Statuses of CUDA that only the emulator returns.
enum { emulated_invalid_value = 1, emulated_not_found = 500, emulated_capture_unsupported = 900 };

/// Puts work behind everything that a stream has to do already, or into the graph that it
/// captures.
void emulated_enqueue(void *stream, std::function<int()> work);

/// Counts a call of a function; the status it must return instead of doing its work, or 0.
int emulated_failure(const char *name);

/// Begins a function that a test may make fail.
#define EMULATED_CALL(name)                                                                        \
    if (const int failure = emulated_failure(name)) return failure
