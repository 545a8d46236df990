#pragma once

#include <stdbool.h>
#include <stdint.h>

/// What was allocated since counting began.
typedef struct {
    /// Calls that returned new memory, a `realloc` that moved or grew included.
    uint64_t allocations;
    /// The bytes that were asked for.
    uint64_t bytes;
    /// Calls that gave memory back.
    uint64_t frees;
} CAllocationCount;

/// Whether allocations can be counted here: with glibc, and not under a sanitizer, which has an allocator of its own.
bool CAllocationCounterIsAvailable(void);

/// Begins to count the allocations of all threads, from zero.
void CAllocationCounterStart(void);

/// Ends counting and returns what was counted. While nothing is counted, an allocation costs one more load.
CAllocationCount CAllocationCounterStop(void);
