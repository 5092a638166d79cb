// Photos: rows of pixels out of JPEG and PNG files, and the few loops that turn them into a batch.
//
// Both libraries report errors by long jumps; everything that may jump stays inside this module and
// comes out as a status. The loops exist in three clones (any processor, AVX2, AVX-512); they compute
// in integers or element by element, so all clones give the same bits.
#pragma once

#include "gcb_photo.h"
#include "gcb_photo_writing.h"
#include "gcb_pixels.h"
