// Writes small photos, for stand-ins and tests.
#pragma once

#include "gcb_photo.h"

/// Encodes `height` rows of `width` RGB pixels, 3 bytes each, as a JPEG (libjpeg's defaults: 4:2:0).
///
/// `*bytes` is malloc'ed and the caller's to free.
gcb_photo_status gcb_jpeg_write(
    const uint8_t *pixels, int32_t width, int32_t height, int quality, uint8_t **bytes,
    size_t *count);

/// The same as an 8-bit RGB PNG.
gcb_photo_status gcb_png_write(
    const uint8_t *pixels, int32_t width, int32_t height, uint8_t **bytes, size_t *count);
