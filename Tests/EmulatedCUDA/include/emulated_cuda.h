// Nothing to include: what this library has are CUDA's own functions.
