#ifndef GCB_CUDA_SOURCES_H
#define GCB_CUDA_SOURCES_H

#include "gcb_cuda_arguments.h"

/// The text of the kernels, as NVRTC gets it. Static, ended by a zero byte.
typedef struct {
    const char *arguments, *portable;
    /// Part of every text.
    const char *dropout;
    /// One text for all formats.
    const char *movement, *statistics, *standardization, *covariance, *masks, *losses, *updates;
    /// Compiled for each format of activations.
    const char *elementwise, *channels, *normalization, *pooling, *convolution;
} gcb_cuda_sources;

extern const gcb_cuda_sources gcb_cuda_source_texts;

#endif
