#ifndef GCB_ALLOCATION_COUNTER_H
#define GCB_ALLOCATION_COUNTER_H

#include <stdint.h>

/// How often any code of this process has asked the allocator for memory so far.
uint64_t gcb_allocation_count(void);

#endif
