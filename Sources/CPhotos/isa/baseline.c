// The loops for what every processor of the architecture has.
#include "table.h"

#define GCB_LOOPS gcb_pixel_loops_baseline
#include "loops.h"
