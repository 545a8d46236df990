#include "CAllocationCounter.h"

#include <stddef.h>

#ifdef __has_include
#if __has_include(<features.h>)
#include <features.h>  // defines __GLIBC__
#endif
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define COUNTER_HAS_SANITIZER 1
#endif
#endif

#if defined(__GLIBC__) && !defined(COUNTER_HAS_SANITIZER)

#include <errno.h>
#include <stdatomic.h>

// The allocator itself, under the names that glibc keeps for those who replace the public ones. Because these are
// ordinary symbols, nothing has to be looked up with dlsym, which would itself allocate before main.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

// Constant-initialized, so that they are sound for allocations before any constructor has run.
static atomic_bool counting = false;
static atomic_uint_fast64_t allocations = 0;
static atomic_uint_fast64_t bytes = 0;
static atomic_uint_fast64_t frees = 0;

static inline void *counted(void *memory, size_t size) {
    if (atomic_load_explicit(&counting, memory_order_relaxed) && memory != NULL) {
        atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&bytes, size, memory_order_relaxed);
    }
    return memory;
}

static inline void countFree(void *memory) {
    if (memory != NULL && atomic_load_explicit(&counting, memory_order_relaxed)) {
        atomic_fetch_add_explicit(&frees, 1, memory_order_relaxed);
    }
}

void *malloc(size_t size) { return counted(__libc_malloc(size), size); }

void *calloc(size_t count, size_t size) { return counted(__libc_calloc(count, size), count * size); }

void *realloc(void *memory, size_t size) {
    countFree(memory);
    return counted(__libc_realloc(memory, size), size);
}

void *memalign(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size), size); }

void *aligned_alloc(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size), size); }

int posix_memalign(void **result, size_t alignment, size_t size) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
    void *memory = counted(__libc_memalign(alignment, size), size);
    if (memory == NULL) return ENOMEM;
    *result = memory;
    return 0;
}

void free(void *memory) {
    countFree(memory);
    __libc_free(memory);
}

bool CAllocationCounterIsAvailable(void) { return true; }

void CAllocationCounterStart(void) {
    atomic_store(&allocations, 0);
    atomic_store(&bytes, 0);
    atomic_store(&frees, 0);
    atomic_store(&counting, true);
}

CAllocationCount CAllocationCounterStop(void) {
    atomic_store(&counting, false);
    return (CAllocationCount){
        .allocations = atomic_load(&allocations), .bytes = atomic_load(&bytes), .frees = atomic_load(&frees)};
}

#else

bool CAllocationCounterIsAvailable(void) { return false; }
void CAllocationCounterStart(void) {}
CAllocationCount CAllocationCounterStop(void) { return (CAllocationCount){0, 0, 0}; }

#endif
