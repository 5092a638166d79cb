// The few loops that no library has. Activations are stored in float32 or bfloat16, everything else
// in float32.
//
// Every kernel exists in four clones (any processor, AVX2, AVX-512, AVX-512 with bfloat16); the best
// one that the processor has is chosen on first use. Work is split statically over one pool of
// threads, so a kernel's result depends on the thread count it is given and on nothing else.
//
// A file with a kernel that was tuned starts with its ladder: the simpler versions and their times.
#pragma once

#include "gcb_activation.h"
#include "gcb_channels.h"
#include "gcb_dropout.h"
#include "gcb_elementwise.h"
#include "gcb_folding.h"
#include "gcb_format.h"
#include "gcb_isa.h"
#include "gcb_loss.h"
#include "gcb_narrow_gradient.h"
#include "gcb_normalization.h"
#include "gcb_pointwise.h"
#include "gcb_pool.h"
#include "gcb_pooling.h"
#include "gcb_update.h"
#include "gcb_weights.h"
#include "gcb_winograd.h"
