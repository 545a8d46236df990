/// Nothing to call: with the thread sanitizer on, the C11 threads and locks of the process are POSIX ones.
